/** A text as a picture that telephones read (QR code, ISO/IEC 18004), drawn here: the secret goes to nobody. */
import { encode } from "uqr";
import styles from "./account.module.css";

/** Squares of quiet around it. */
const BORDER = 2;

export function Picture({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: BORDER, ecc: "M" });
  const path = data
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join("");
  return (
    <svg className={styles.picture} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
