/** Before each test: English, and an empty browser. */
import { i18n } from "@lingui/core";
import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";
import { messages } from "./i18n/locales/en/app.po";

beforeEach(() => {
  i18n.loadAndActivate({ locale: "en", messages });
});

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  localStorage.clear();
});
