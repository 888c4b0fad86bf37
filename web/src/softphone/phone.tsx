/** The phone of a shift, for all pages: it goes on when another page is opened, and rings on each of them. */
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { type PhoneAccount, phoneAccount } from "./account";
import { session } from "~/api/session";
import { NO_PHONE, type PhonePort, type PhoneState } from "./port";
import { Ringer } from "./ringer";
import { browserTabs, PhoneSeat } from "./seat";
import { forgetShift, type Mode, onOtherTabs, rememberShift, shiftMode } from "./shift";

/** After so long it is asked again how this page is her phone, and then less often. */
const RETRY_TIME = 1_000;
const RETRY_TIME_MAX = 15_000;
/** How long a call that she asked for may take to reach her own phone, which then answers by itself. */
const EXPECTED_TIME = 8_000;

export interface Phone {
  /** What rings in this shift; null: no shift has begun in this browser. */
  mode: Mode | null;
  state: PhoneState;
  /** Whether this tab has the phone; another one may. */
  leads: boolean;
  /** Whether the browser would let a ring be heard. */
  audible: boolean;
  ringer: Ringer;
  begin(mode: Mode): Promise<void>;
  /** Ends the shift, after the call if there is one. */
  finish(): void;
  /** It does not end after all. */
  stay(): void;
  answer(): void;
  end(): void;
  mute(muted: boolean): void;
  takeOver(): void;
  /** She has asked for a call to this number: her side of it, and no other call, is answered at once. */
  expect(to: string): void;
  /** It was not made: the next one that comes is somebody else's. */
  unexpect(): void;
}

/** Whom she has called, and until when her own side of it may ring. */
interface Expected {
  to: string;
  until: number;
}
const NOBODY: Expected = { to: "", until: 0 };

/** What of a number is dialed, however it is written. */
const digits = (number: string): string => number.replaceAll(/[^0-9*#+]/g, "");

const Context = createContext<Phone | null>(null);

/** For tests: a phone made elsewhere. */
export const PhoneOf = Context.Provider;

export function usePhone(): Phone {
  const phone = useContext(Context);
  if (!phone) throw new Error("usePhone is used outside of PhoneProvider");
  return phone;
}

/** Where there is nothing to play on, a browser never says whether it would: the shift begins all the same. */
const UNLOCK_TIME = 2_000;

const noneToHear = (): (() => void) => () => {};

/** `account`: whose phone it is, an extension of a domain. */
export function PhoneProvider({ account, children }: { account: string; children: ReactNode }) {
  const [mode, setMode] = useState<Mode | null>(() => shiftMode(account));
  const [seat, setSeat] = useState<PhoneSeat | null>(null);
  const ringer = useMemo(() => new Ringer(), []);
  const [audible, setAudible] = useState(false);
  const expected = useRef(NOBODY);
  const state = useSyncExternalStore(seat?.subscribe ?? noneToHear, () => seat?.state ?? NO_PHONE);

  useEffect(() => {
    if (mode !== "browser") return;
    let made: PhoneSeat | null = null;
    let over = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    const take = (pause: number): void => {
      void takeSeat(account).then(
        (taken) => {
          if (over || !taken) return taken?.stop();
          made = taken;
          setSeat(taken);
        },
        () => {
          if (!over) again = setTimeout(() => take(Math.min(pause * 2, RETRY_TIME_MAX)), pause);
        },
      );
    };
    take(RETRY_TIME);
    return () => {
      over = true;
      clearTimeout(again);
      made?.stop();
      setSeat(null);
    };
  }, [mode, account]);

  useUnlock(mode === "browser" && !audible, ringer, setAudible);
  useRinging(seat, state, ringer, expected);
  useWarning(seat, state);

  const begin = useCallback(
    async (wanted: Mode) => {
      if (wanted === "browser") {
        await Promise.race([ringer.unlock(), new Promise((over) => setTimeout(over, UNLOCK_TIME))]);
        setAudible(ringer.unlocked);
      }
      rememberShift(account, wanted);
      setMode(wanted);
    },
    [account, ringer],
  );
  // A shift that ends during a call lasts as long as that does.
  const [leaving, setLeaving] = useState<"here" | "elsewhere" | null>(null);
  const busy = state.call !== null;
  useEffect(() => {
    if (!leaving || busy) return;
    setLeaving(null);
    if (leaving === "here") forgetShift(account);
    setMode(null);
  }, [leaving, busy, account]);
  // A shift is the browser's, not the tab's: all of them begin it, and all of them end it.
  useEffect(
    () =>
      onOtherTabs(account, (now) => {
        setLeaving(now ? null : "elsewhere");
        if (now) setMode(now);
      }),
    [account],
  );

  const phone: Phone = {
    mode,
    state,
    leads: seat?.leads ?? false,
    audible,
    ringer,
    begin,
    finish: () => setLeaving("here"),
    stay: () => setLeaving(null),
    answer: () => seat?.answer(),
    end: () => seat?.end(),
    mute: (muted) => seat?.mute(muted),
    takeOver: () => seat?.takeOver(),
    expect: (to) => {
      expected.current = { to: digits(to), until: Date.now() + EXPECTED_TIME };
    },
    unexpect: () => {
      expected.current = NOBODY;
    },
  };
  return <Context value={phone}>{children}</Context>;
}

/** The seat of this tab, started; null where the server has no browser phones. */
async function takeSeat(account: string): Promise<PhoneSeat | null> {
  const [its, { JsSipPhone }] = await Promise.all([phoneAccount(), import("./jssip")]);
  if (!its) return null;
  const seat = new PhoneSeat(browserTabs(account), (): PhonePort => new JsSipPhone(settings(its)));
  seat.start();
  return seat;
}

const settings = (account: PhoneAccount) => ({
  sipUri: account.sip_uri,
  websocket: account.websocket,
  displayName: account.display_name,
  token: () => session.token,
});

/** After a reload the browser lets nobody ring before something was touched: the first touch unlocks. */
function useUnlock(wanted: boolean, ringer: Ringer, tell: (audible: boolean) => void): void {
  useEffect(() => {
    if (!wanted) return;
    const unlock = () => {
      // A browser that refuses is asked again with the next touch.
      void ringer.unlock().then(
        () => tell(ringer.unlocked),
        () => {},
      );
    };
    window.addEventListener("pointerdown", unlock);
    window.addEventListener("keydown", unlock);
    return () => {
      window.removeEventListener("pointerdown", unlock);
      window.removeEventListener("keydown", unlock);
    };
  }, [wanted, ringer, tell]);
}

/** Rings while a call comes in, in the tab that has the phone; answers what she asked for. */
function useRinging(
  seat: PhoneSeat | null,
  state: PhoneState,
  ringer: Ringer,
  expected: { current: Expected },
): void {
  const rings = state.call?.state === "ringing";
  const number = state.call?.number ?? "";
  const leads = seat?.leads ?? false;
  useEffect(() => {
    if (!rings || !seat) return;
    // She may have asked for it here, and have the phone in another tab.
    const { to, until } = expected.current;
    if (Date.now() < until && digits(number) === to) {
      expected.current = NOBODY;
      seat.answer();
      return;
    }
    if (!leads) return;
    void ringer.start();
    return () => ringer.stop();
  }, [rings, number, leads, seat, ringer, expected]);
}

/** Closing the tab that has the phone would end the call: the browser asks first. */
function useWarning(seat: PhoneSeat | null, state: PhoneState): void {
  const busy = state.call !== null && (seat?.leads ?? false);
  useEffect(() => {
    if (!busy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [busy]);
}
