/** The microphone during a call: one that is unplugged or taken away is replaced as soon as there is another. */
import type { RTCSession } from "jssip/lib/RTCSession";
import { microphone } from "./devices";

/** Milliseconds between two tries to have a microphone. */
const AGAIN = 2_000;

/** The microphone, as it was chosen. */
export const listenIn = async (): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({ audio: microphone(), video: false });

/** Watches what a call sends, and says whether the other side can hear anything. */
export function watchMicrophone(session: RTCSession, tell: (silent: boolean) => void): void {
  const sender = session.connection.getTransceivers()[0]?.sender;
  if (!sender) return;
  const lost = (): void => {
    void speakAgain(session, sender).then((found) => {
      if (session.isEnded()) return;
      tell(!found);
      if (found) watch(sender.track);
      else setTimeout(lost, AGAIN);
    });
  };
  const watch = (track: MediaStreamTrack | null): void => track?.addEventListener("ended", lost, { once: true });
  if (sender.track) watch(sender.track);
  else lost();
}

async function speakAgain(session: RTCSession, sender: RTCRtpSender): Promise<boolean> {
  if (session.isEnded()) return false;
  try {
    const [track] = (await listenIn()).getAudioTracks();
    if (!track) return false;
    track.enabled = !session.isMuted().audio && !session.isOnHold().remote;
    await sender.replaceTrack(track);
    // It ended meanwhile, and with it whoever closes what it uses.
    if (session.isEnded()) track.stop();
    return true;
  } catch {
    return false;
  }
}

/** Lets go of whatever a call still has of the microphone. */
export const letGo = (connection: RTCPeerConnection | null): void =>
  connection?.getSenders().forEach(({ track }) => track?.stop());
