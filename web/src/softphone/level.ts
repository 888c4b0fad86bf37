/** How loud a microphone is, for as long as somebody wants to know. */

const SAMPLES = 512;
/** What normal speech reaches; the rest is shown as full. */
const FULL = 0.25;

/** Tells 0 to 1 with each frame that is drawn, until what it gives is called, which also lets the microphone go. */
export function level(stream: MediaStream, tell: (loud: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = SAMPLES;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(SAMPLES);
  let frame = 0;
  const look = () => {
    analyser.getFloatTimeDomainData(samples);
    tell(Math.min(1, loudness(samples) / FULL));
    frame = requestAnimationFrame(look);
  };
  look();
  return () => {
    cancelAnimationFrame(frame);
    stream.getTracks().forEach((track) => track.stop());
    void context.close();
  };
}

/** The root of the mean square. */
export const loudness = (samples: Float32Array): number =>
  samples.length === 0 ? 0 : Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
