/** A sound that plays: where it is, how fast it goes, which of its sides are heard. */
import { type RefObject, useEffect, useRef, useState } from "react";
import { Mixer, type Sides } from "./mixer";

/** One at a time: two talks at once are understood by nobody. */
let sounding: HTMLMediaElement | null = null;

/** What is not on the page any more would go on, and keep its sound, which may be large. */
function silence(element: HTMLMediaElement): void {
  element.pause();
  if (sounding === element) sounding = null;
  element.removeAttribute("src");
  element.load();
}

export interface Playback {
  /** Where the browser finds the sound; null for a moment. */
  address: string | null;
  audio: RefObject<HTMLAudioElement | null>;
  playing: boolean;
  /** It plays, or has played. */
  begun: boolean;
  /** Seconds. */
  at: number;
  /** Where it was put last: what is read aloud of the place must not change with each moment that passes. */
  put: number;
  length: number;
  speed: number;
  muted: Sides;
  /** This browser cannot play it. */
  broken: boolean;
  toggle(): void;
  seek(to: number): void;
  setSpeed(speed: number): void;
  mute(side: 0 | 1): void;
  /** For the element that sounds. */
  heard: {
    onLoadedMetadata(): void;
    onPlay(): void;
    onPause(): void;
    onTimeUpdate(): void;
    onError(): void;
  };
}

/** Where the browser finds a sound, for as long as the element is there that plays it. */
function useAddress(sound: Blob, audio: RefObject<HTMLMediaElement | null>): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(sound);
    const element = audio.current;
    setAddress(made);
    return () => {
      if (element) silence(element);
      URL.revokeObjectURL(made);
    };
  }, [sound, audio]);
  return address;
}

export function usePlayback(sound: Blob, plays: boolean): Playback {
  const audio = useRef<HTMLAudioElement>(null);
  const mixer = useRef<Mixer | null>(null);
  const address = useAddress(sound, audio);
  const [playing, setPlaying] = useState(false);
  const [begun, setBegun] = useState(plays);
  const [at, setAt] = useState(0);
  const [put, setPut] = useState(0);
  const [length, setLength] = useState(0);
  const [speed, setSpeed] = useState(1);
  const [muted, setMuted] = useState<Sides>([false, false]);
  const [broken, setBroken] = useState(false);
  useEffect(() => () => mixer.current?.stop(), []);

  // A browser that lets nothing sound by itself waits for the button.
  const play = () => {
    mixer.current?.resume();
    void audio.current?.play().catch(() => {});
  };
  return {
    address,
    audio,
    playing,
    begun,
    at,
    put,
    length,
    speed,
    muted,
    broken,
    toggle: () => (playing ? audio.current?.pause() : play()),
    seek: (to) => {
      const there = Math.max(0, Math.min(length, to));
      if (audio.current) audio.current.currentTime = there;
      setAt(there);
      setPut(there);
    },
    setSpeed: (next) => {
      if (audio.current) audio.current.playbackRate = next;
      setSpeed(next);
    },
    mute: (side) => {
      const next: Sides = side === 0 ? [!muted[0], muted[1]] : [muted[0], !muted[1]];
      if (!audio.current) return;
      mixer.current ??= new Mixer(audio.current);
      mixer.current.mute(next);
      setMuted(next);
    },
    heard: {
      onLoadedMetadata: () => {
        const { duration = 0 } = audio.current ?? {};
        setLength(Number.isFinite(duration) ? duration : 0);
        if (plays) play();
      },
      onPlay: () => {
        if (sounding !== audio.current) sounding?.pause();
        sounding = audio.current;
        setPlaying(true);
        setBegun(true);
      },
      onPause: () => {
        setPlaying(false);
        setPut(audio.current?.currentTime ?? 0);
      },
      onTimeUpdate: () => setAt(audio.current?.currentTime ?? 0),
      onError: () => setBroken(true),
    },
  };
}
