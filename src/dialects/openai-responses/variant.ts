// Where the dialect has a different accent at a provider, in what a reply says: what cannot be told from the reply itself.

export type ResponsesVariant = {
  /**
   * Who can read the `encrypted_content` of its reasoning, in OpenRouter's words for formats. It goes back only to whoever
   * made it: another provider answers 400 (`invalid_encrypted_content`).
   */
  readonly reasoningFormat: string;
};
