/** Before each test: English, and an empty browser. */
import { i18n } from "@lingui/core";
import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";
import { messages } from "./i18n/locales/en/app.po";

// What the pretended browser lacks: fields that grow wait for fonts.
if (!("fonts" in document)) Object.defineProperty(document, "fonts", { value: new EventTarget() });

beforeEach(() => {
  i18n.loadAndActivate({ locale: "en", messages });
});

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  localStorage.clear();
});
