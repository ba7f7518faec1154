// Where the dialect has a different accent at a provider, in what a reply says: what cannot be told from the reply itself.

export type ResponsesVariant = {
  /**
   * Who can read the `encrypted_content` of its reasoning, in OpenRouter's words for formats. It goes back only to whoever
   * made it: another provider answers 400 (`invalid_encrypted_content`).
   */
  readonly reasoningFormat: string;
  /** Names that a caller's function may not have: sent with a prefix, and read without it. */
  readonly reservedNames?: readonly string[];
};

const PREFIX = 'own_';

/** A function's name as this provider may hear it. */
export function writeName(name: string, { reservedNames = [] }: ResponsesVariant): string {
  return reservedNames.includes(bare(name)) ? PREFIX + name : name;
}

export function readName(name: string, { reservedNames = [] }: ResponsesVariant): string {
  return name.startsWith(PREFIX) && reservedNames.includes(bare(name)) ? name.slice(PREFIX.length) : name;
}

/** A caller's own function may have a prefixed name, too: it gets one prefix more. */
function bare(name: string): string {
  return name.replace(/^(?:own_)+/, '');
}
