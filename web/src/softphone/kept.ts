/**
 * A call that outlives its page, and its way. What its dialog is made of (RFC 3261 section 12) is kept in the browser while it
 * lasts; the page that has the phone next makes a session of it again, and talks on by a new offer in the same dialog.
 *
 * JsSIP has no way to do so from outside: whatever reaches into it is here.
 */
import { C, NameAddrHeader, type UA, URI } from "jssip";
import Dialog from "jssip/lib/Dialog.js";
import Session from "jssip/lib/RTCSession.js";
import type { RTCSession } from "jssip/lib/RTCSession";

/** A dialog where we were called; URIs as text. */
export interface KeptCall {
  callId: string;
  localTag: string;
  remoteTag: string;
  local: string;
  remote: string;
  /** Where its requests go. */
  target: string;
  routes: string[];
  /** Who is on the other side, where she said so. */
  name: string;
  muted: boolean;
}

/** What JsSIP keeps to itself. */
interface Inside {
  _id: string;
  _direction: "incoming";
  _contact: string;
  _status: number;
  _is_confirmed: boolean;
  _remote_identity: NameAddrHeader;
  _from_tag: string;
  _to_tag: string;
  _dialog: DialogInside | null;
  _createRTCConnection(settings: RTCConfiguration): void;
  _close(): void;
  sendRequest(method: string, options: { eventHandlers: Record<string, () => void> }): void;
}

interface DialogInside {
  id: { call_id: string; local_tag: string; remote_tag: string };
  local_seqnum: number;
  _local_uri: URI;
  _remote_uri: URI;
  _remote_target: URI;
  _route_set: string[];
}

/** Sequence numbers of a page count fifths of a second since then, which suffices until 2039 (RFC 3261 8.1.1.5). */
const EPOCH = Date.UTC(2026, 0, 1);
const STEP = 200;

/** JsSIP's word for a call that was answered and acknowledged. */
const CONFIRMED = 9;

const inside = (session: RTCSession): Inside => session as unknown as Inside;
const key = (account: string): string => `call.${account}`;

/** Keeps what a call is made of, until it is over. */
export function keep(account: string, session: RTCSession): void {
  const dialog = inside(session)._dialog;
  if (!dialog) return;
  const kept: KeptCall = {
    callId: dialog.id.call_id,
    localTag: dialog.id.local_tag,
    remoteTag: dialog.id.remote_tag,
    local: dialog._local_uri.toString(),
    remote: dialog._remote_uri.toString(),
    target: dialog._remote_target.toString(),
    routes: dialog._route_set,
    name: session.remote_identity.display_name,
    muted: session.isMuted().audio ?? false,
  };
  keepAgain(account, kept);
}

/** Keeps what was read; where the browser keeps nothing, a reload ends the call as it always did. */
export function keepAgain(account: string, kept: KeptCall): void {
  try {
    localStorage.setItem(key(account), JSON.stringify(kept));
  } catch {
    // Its room is full, or forbidden.
  }
}

export const forgetCall = (account: string): void => localStorage.removeItem(key(account));

export function keptCall(account: string): KeptCall | null {
  const text = localStorage.getItem(key(account));
  if (!text) return null;
  try {
    return JSON.parse(text) as KeptCall;
  } catch {
    return null;
  }
}

/** The session of a call that another page had; nothing is sent yet. Throws if what was kept is no dialog. */
export function revive(ua: UA, kept: KeptCall): RTCSession {
  const uris: Record<string, URI | undefined> = {
    to: URI.parse(kept.local),
    from: URI.parse(kept.remote),
    contact: URI.parse(kept.target),
  };
  if (!uris.to || !uris.from || !uris.contact) throw new Error("what was kept of the call cannot be read");
  const session = new Session(ua);
  const dialog = new Dialog(
    session,
    {
      call_id: kept.callId,
      from_tag: kept.remoteTag,
      to_tag: kept.localTag,
      cseq: null,
      hasHeader: () => true,
      parseHeader: (name) => ({ uri: uris[name] }),
      getHeaders: () => kept.routes,
    },
    "UAS",
  ) as DialogInside;
  // Beyond every number that the page before has used: it began below 10,000 or here, and used a few.
  dialog.local_seqnum = Math.floor((Date.now() - EPOCH) / STEP);
  Object.assign(inside(session), {
    _id: kept.callId + kept.remoteTag,
    _direction: "incoming",
    _contact: ua.contact.toString(),
    _status: CONFIRMED,
    _is_confirmed: true,
    _remote_identity: new NameAddrHeader(uris.from, kept.name),
    _from_tag: kept.remoteTag,
    _to_tag: kept.localTag,
    _dialog: dialog,
  } satisfies Partial<Inside>);
  // Whoever stops the phone ends its calls.
  (ua as unknown as { _sessions: Record<string, RTCSession> })._sessions[session.id] = session;
  inside(session)._createRTCConnection({ iceServers: [] });
  return session;
}

/** Why JsSIP hangs up although the other side may still be there: an offer that was not heard or not taken, failed ICE. */
const MENDABLE: string[] = [C.causes.CONNECTION_ERROR, C.causes.REQUEST_TIMEOUT, C.causes.WEBRTC_ERROR, C.causes.RTP_TIMEOUT];
/** The other side has let the call's time pass (RFC 4028 section 10): it is not there. */
const EXPIRED = "Session Timer Expired";

/** Has a call that was answered go on where JsSIP by itself would hang up; `again` is told of it. */
export function insist(session: RTCSession, again: () => void): void {
  const hangUp = session.terminate.bind(session);
  session.terminate = (options = {}) => {
    const { cause, reason_phrase } = options;
    if (!cause || !MENDABLE.includes(cause) || reason_phrase === EXPIRED || !session.isEstablished()) return hangUp(options);
    // Failed ICE is seen to by who watches it.
    if (cause !== C.causes.RTP_TIMEOUT) again();
  };
}

/** Lets go of a session without a word to the other side. */
export const drop = (session: RTCSession): void => inside(session)._close();

/** Whether the other side knows the call, if it was heard; from then on it speaks to this page. */
export const ping = (session: RTCSession): Promise<"yes" | "no" | "unheard"> =>
  new Promise((done) => {
    inside(session).sendRequest("OPTIONS", {
      eventHandlers: {
        onSuccessResponse: () => done("yes"),
        onErrorResponse: () => done("no"),
        onDialogError: () => done("no"),
        onTransportError: () => done("unheard"),
        onRequestTimeout: () => done("unheard"),
      },
    });
  });

/** Offers anew, with the place for a microphone: the one that is there is put into it. */
export function speak(session: RTCSession, muted: boolean): void {
  session.connection.addTransceiver("audio");
  if (muted) session.mute({ audio: true });
  session.renegotiate();
}
