/** An entry that is known by one word. */
import { createLazyRoute } from "@tanstack/react-router";
import { Existing } from "./Existing";

export const page = createLazyRoute("/inside/admin/$section/edit/$key")({ component: One });

function One() {
  const { section, key } = page.useParams();
  return <Existing section={section} keys={[key]} />;
}
