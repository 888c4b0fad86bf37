/** Parts that most people never open: loaded when they are opened first, and there from then on. */
import { type ComponentType, useEffect, useState } from "react";
import { refused } from "~/api/problem";
import { sayProblem } from "~/components/Notice/notice";

interface Opened {
  opened: boolean;
  onClose(): void;
}

/** `load` fetches the part. If it cannot be had it is said, and the next opening tries again. */
export function later<P extends Opened>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let known: ComponentType<P> | null = null;
  return function Later(props: P) {
    const [Part, setPart] = useState(() => known);
    const { opened, onClose } = props;
    useEffect(() => {
      if (!opened || Part) return;
      load().then(
        (part) => {
          known = part;
          setPart(() => part);
        },
        () => {
          sayProblem(refused(0, null));
          onClose();
        },
      );
      // Only an opening fetches it.
    }, [opened]);
    return Part && <Part {...props} />;
  };
}
