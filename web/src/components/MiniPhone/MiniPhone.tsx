/**
 * A small window that stays on top of others: her state, her call, and what can be done with it. Browsers that have no
 * such windows show no button.
 */
import { useLingui } from "@lingui/react/macro";
import { IconPictureInPicture } from "@tabler/icons-react";
import { type ComponentType, useEffect, useRef, useState } from "react";
import { refused } from "~/api/problem";
import { sayProblem } from "~/components/Notice/notice";
import { usePhone } from "~/softphone/phone";
import shell from "../Shell/Shell.module.css";

/** The part of the browser that is asked; TypeScript does not know it yet. */
interface Windows {
  requestWindow(options: { width: number; height: number }): Promise<Window>;
}

const SIZE = { width: 320, height: 290 };

const windows = (): Windows | undefined => (window as { documentPictureInPicture?: Windows }).documentPictureInPicture;

export interface Shown {
  window: Window;
  extension: string;
}

let known: ComponentType<Shown> | null = null;

export function MiniPhone({ extension }: { extension: string }) {
  const { t } = useLingui();
  const { mode } = usePhone();
  const [small, setSmall] = useState<Window | null>(null);
  const [Content, setContent] = useState(() => known);

  useEffect(() => {
    if (!small) return;
    const gone = () => setSmall(null);
    small.addEventListener("pagehide", gone);
    return () => {
      small.removeEventListener("pagehide", gone);
      small.close();
    };
  }, [small]);
  // It goes with the shift, and with this page's part of it.
  const wanted = useRef(false);
  useEffect(() => {
    wanted.current = mode !== null;
    if (mode === null) setSmall(null);
    return () => {
      wanted.current = false;
    };
  }, [mode]);

  const open = async () => {
    // First of all: the browser opens it in a click, and not later.
    const made = await windows()?.requestWindow(SIZE).catch(sayProblem);
    if (!made) return;
    try {
      const part = known ?? (await load());
      known = part;
      // It may be closed by hand, and the shift may end, while its content is fetched.
      if (made.closed) return;
      if (!wanted.current) return made.close();
      setContent(() => part);
      setSmall(made);
    } catch {
      made.close();
      sayProblem(refused(0, null));
    }
  };

  if (mode === null || !windows()) return null;
  return (
    <>
      <button
        type="button"
        className={`${shell.search} ${shell.roomy}`}
        aria-pressed={small !== null}
        title={t`Small window that stays on top`}
        aria-label={t`Small window that stays on top`}
        onClick={() => (small ? setSmall(null) : void open())}
      >
        <IconPictureInPicture size={20} aria-hidden="true" />
      </button>
      {small && Content && <Content window={small} extension={extension} />}
    </>
  );
}

const load = () => import("./Content").then((part) => part.Content);
