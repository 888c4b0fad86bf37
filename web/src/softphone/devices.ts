/** Microphone, speaker and ringer, each chosen apart; what was unplugged falls back to the system's own, and says so. */
import { forget, recall, remember } from "~/api/room";

export type Purpose = "microphone" | "speaker" | "ringer";

export interface Device {
  id: string;
  name: string;
}

export interface Devices {
  microphones: Device[];
  speakers: Device[];
}

/** The system's own choice. */
export const DEFAULT_DEVICE = "default";

const key = (purpose: Purpose): string => `device.${purpose}`;

/** Which device was chosen; `default` where none was. */
export const chosen = (purpose: Purpose): string => recall(key(purpose)) ?? DEFAULT_DEVICE;

export const chooseDevice = (purpose: Purpose, id: string): void => remember(key(purpose), id);

/** What there is. Names are known only after the microphone was allowed. */
export async function devices(): Promise<Devices> {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const of = (kind: MediaDeviceKind): Device[] =>
    all.filter((device) => device.kind === kind).map(({ deviceId, label }) => ({ id: deviceId, name: label }));
  return { microphones: of("audioinput"), speakers: of("audiooutput") };
}

/** Purposes whose device is not there any more; they are the system's own from now on. */
export function fallBack(found: Devices): Purpose[] {
  const there = (purpose: Purpose): boolean => {
    const list = purpose === "microphone" ? found.microphones : found.speakers;
    return list.some((device) => device.id === chosen(purpose));
  };
  const gone = (["microphone", "speaker", "ringer"] as const).filter(
    (purpose) => chosen(purpose) !== DEFAULT_DEVICE && !there(purpose),
  );
  gone.forEach((purpose) => forget(key(purpose)));
  return gone;
}

/** How the microphone is asked for. */
export function microphone(): MediaTrackConstraints {
  const id = chosen("microphone");
  const cleaned = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return id === DEFAULT_DEVICE ? cleaned : { ...cleaned, deviceId: { ideal: id } };
}

/** Sends a player's sound to the device of a purpose, where browsers can. */
export async function sendTo(player: HTMLMediaElement, purpose: Purpose): Promise<void> {
  const id = chosen(purpose);
  if (!("setSinkId" in player)) return;
  // A device that has gone a moment ago: the system's own takes over.
  await player.setSinkId(id === DEFAULT_DEVICE ? "" : id).catch(() => player.setSinkId(""));
}
