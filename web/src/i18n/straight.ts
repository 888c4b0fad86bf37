/** Names that strangers choose, within text of our own. */

/** What turns the direction of writing, for the text around it, too (Unicode TR 9, section 2). */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/** A name without what would turn the words beside it around. */
export const straight = (name: string): string => name.replaceAll(TURNS, "");

/** One that stands apart from its sentence, whichever way it is written. */
export const apart = (name: string): string => `\u2068${straight(name)}\u2069`;
