/** Keeps a warning from a build that says nothing of ours: what `composes` leaves behind has no place in a file. */
import type { Plugin } from "vite";

const OF_COMPOSES = "did not pass the `from` option";

export function quiet(): Plugin {
  return {
    name: "quiet",
    configResolved({ logger }) {
      const warn = logger.warnOnce;
      logger.warnOnce = (message, options) => {
        if (!message.includes(OF_COMPOSES)) warn(message, options);
      };
    },
  };
}
