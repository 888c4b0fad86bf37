/// <reference types="vite/client" />

declare module "*.po" {
  export const messages: Record<string, string>;
}

/** Parts of JsSIP that its own types leave out; used by `softphone/kept.ts`. */
declare module "jssip/lib/RTCSession.js" {
  const Session: new (ua: import("jssip").UA) => import("jssip/lib/RTCSession").RTCSession;
  export default Session;
}

declare module "jssip/lib/Dialog.js" {
  interface FirstMessage {
    call_id: string;
    from_tag: string;
    to_tag: string;
    cseq: number | null;
    hasHeader(name: string): boolean;
    parseHeader(name: string): { uri: import("jssip").URI | undefined };
    getHeaders(name: string): string[];
  }
  const Dialog: new (owner: import("jssip/lib/RTCSession").RTCSession, first: FirstMessage, side: "UAS") => unknown;
  export default Dialog;
}
