/** The sound of one talk: fetched when it is asked for, as each time is noted in the audit; kept, and removed. */
import { useEffect, useRef, useState } from "react";
import { answer, api, OWN } from "~/api/client";
import { hand } from "~/api/download";
import { Refused, refused } from "~/api/problem";
import { withLogin } from "~/api/withLogin";

export type Heard =
  | { is: "unheard" }
  | { is: "loading" }
  | { is: "loaded"; sound: Blob; plays: boolean }
  | { is: "failed"; problem: unknown }
  /** The server has it no more, or never had: nobody said anything. */
  | { is: "lost" }
  | { is: "removed" };

export function useTalk(call: string, recording: string) {
  const [heard, setHeard] = useState<Heard>({ is: "unheard" });
  const asked = useRef<AbortController | null>(null);
  const stop = () => asked.current?.abort();
  useEffect(() => stop, []);
  const path = `/v1/domains/${OWN}/calls/${encodeURIComponent(call)}/recordings/${encodeURIComponent(recording)}`;

  /** Null: it could not be had, which is said, or is not wanted any more. */
  async function load(plays: boolean): Promise<Blob | null> {
    if (heard.is === "loaded") return heard.sound;
    stop();
    const asking = new AbortController();
    asked.current = asking;
    setHeard({ is: "loading" });
    try {
      const response = await withLogin(path, { signal: asking.signal });
      const sound = await response.blob();
      if (asking.signal.aborted) return null;
      setHeard({ is: "loaded", sound, plays });
      return sound;
    } catch (problem) {
      if (!asking.signal.aborted) setHeard(failed(problem));
      return null;
    }
  }

  return {
    heard,
    listen: () => void load(true),
    cancel: () => {
      stop();
      setHeard({ is: "unheard" });
    },
    download: async () => {
      const sound = await load(false);
      if (sound) hand(sound, `call-${call}-recording-${recording}.wav`);
    },
    /** For good. Whoever asks has been asked whether she is sure. */
    remove: async () => {
      const params = { path: { domain: OWN, call, recording } };
      await answer(api.DELETE("/v1/domains/{domain}/calls/{call}/recordings/{recording}", { params }));
      stop();
      setHeard({ is: "removed" });
    },
  };
}

function failed(problem: unknown): Heard {
  if (problem instanceof Refused && problem.kind === "unknown_recording") return { is: "lost" };
  // The network may break off within a long sound, too.
  return { is: "failed", problem: problem instanceof Refused ? problem : refused(0, null) };
}
