/** The microphone during a call: one that is unplugged or taken away is replaced as soon as there is another. */
import type { RTCSession } from "jssip/lib/RTCSession";
import { microphone } from "./devices";

/** Milliseconds between two tries to have a microphone. */
const AGAIN = 2_000;

/** The microphone, as it was chosen. */
export const listenIn = async (): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({ audio: microphone(), video: false });

/**
 * Watches what a call sends, and says whether the other side can hear anything. Gives what lets the microphone go: a
 * connection that is closed says no more what it has sent.
 */
export function watchMicrophone(session: RTCSession, tell: (silent: boolean) => void): () => void {
  const sender = session.connection.getTransceivers()[0]?.sender;
  if (!sender) return () => {};
  let taken = sender.track;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const lost = (): void => {
    void speakAgain(session, sender).then((track) => {
      if (over) return track?.stop();
      const heard = lives(track);
      tell(!heard);
      if (heard) watch(track);
      else timer = setTimeout(lost, AGAIN);
    });
  };
  const watch = (track: MediaStreamTrack): void => {
    taken = track;
    track.addEventListener("ended", lost, { once: true });
  };
  // One that was taken away while it rang has said so already.
  if (lives(taken)) watch(taken);
  else lost();
  return () => {
    over = true;
    clearTimeout(timer);
    taken?.stop();
  };
}

const lives = (track: MediaStreamTrack | null): track is MediaStreamTrack => !!track && track.readyState !== "ended";

/** Puts a microphone into the call; null where there is none, or no call any more. */
async function speakAgain(session: RTCSession, sender: RTCRtpSender): Promise<MediaStreamTrack | null> {
  if (session.isEnded()) return null;
  let track: MediaStreamTrack | undefined;
  try {
    track = (await listenIn()).getAudioTracks()[0];
    if (!track) return null;
    track.enabled = !session.isMuted().audio && !session.isOnHold().remote;
    await sender.replaceTrack(track);
    return track;
  } catch {
    // It is there, and cannot be used: it must not stay open.
    track?.stop();
    return null;
  }
}
