// The name under which what only this dialect understands travels through our vocabulary, to be given back to it.

export const DIALECT = 'openai-responses';
