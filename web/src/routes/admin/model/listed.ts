/** Lists are answered in several forms; here they are always whole items, since nothing else is asked for. */
import { answer } from "~/api/client";

interface Listed {
  items: readonly unknown[];
  next?: string | null;
}

type Answered = { data?: unknown; error?: unknown; response: Response };

/** The answer of a list, as the schema of its whole items. */
export const listed = <T extends Listed>(asked: Promise<Answered>): Promise<T> => answer(asked as Promise<Answered & { data?: T }>);
