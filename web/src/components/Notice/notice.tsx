/** Short messages that come and go. An error stays until it is closed, and has the number that the log knows. */
import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { notifications } from "@mantine/notifications";
import { explain, Refused } from "~/api/problem";

const GOOD_TIME = 6_000;

const exit = () => ({ closeButtonProps: { "aria-label": i18n._(msg`Close`) } });

export function say(message: string): void {
  notifications.show({ message, autoClose: GOOD_TIME, color: "cord", ...exit() });
}

/** What is still wanted before something can be done. */
export function sayWish(message: string): void {
  notifications.show({ message, autoClose: GOOD_TIME, color: "yellow", role: "alert", ...exit() });
}

/** What went wrong, what to do, and an exit. */
export function sayProblem(problem: unknown): void {
  const id = problem instanceof Refused ? problem.requestId : null;
  notifications.show({
    message: (
      <>
        {explain(problem)}
        {id && (
          <small style={{ display: "block", marginTop: 4 }}>
            <Trans>Request {id}</Trans>
          </small>
        )}
      </>
    ),
    color: "brick",
    autoClose: false,
    withCloseButton: true,
    role: "alert",
    ...exit(),
  });
}
