/** How loud a sound is from its begin to its end, as a line. */
import styles from "./Sound.module.css";

const HEIGHT = 48;
/** Half of what can be seen where nothing is heard. */
const SEEN_MIN = 1;

interface Props {
  /** The loudest of each part, 0 to 1. */
  bars: readonly number[];
  /** What it is for whoever does not see it; without it is a picture of what is said elsewhere. */
  label?: string;
  className?: string | undefined;
}

export function Line({ bars, label, className = styles.waveform }: Props) {
  const path = bars
    .map((bar, at) => {
      const half = Math.max(SEEN_MIN, (bar * HEIGHT) / 2);
      return `M${at * 2 + 1} ${HEIGHT / 2 - half}V${HEIGHT / 2 + half}`;
    })
    .join("");
  const told = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  return (
    <svg className={className} viewBox={`0 0 ${bars.length * 2} ${HEIGHT}`} preserveAspectRatio="none" {...told}>
      <path d={path} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
