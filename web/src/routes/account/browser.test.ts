/** What a log-in's program is called. */
import { expect, test } from "vitest";
import { browserOf } from "./Sessions";

test("browsers by the name that people know, other programs by their first word", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36";
  expect(browserOf(chrome)).toBe("Chrome, Linux");
  expect(browserOf(`${chrome} Edg/156.0`)).toBe("Edge, Linux");
  expect(browserOf("Mozilla/5.0 (iPhone; CPU iPhone OS 19) Version/19 Mobile Safari/605")).toBe("Safari, iPhone");
  expect(browserOf("curl/8.5.0")).toBe("curl/8.5.0");
  expect(browserOf(null)).toBeNull();
});
