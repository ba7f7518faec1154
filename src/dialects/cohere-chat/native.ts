// The dialect's own name.

export const DIALECT = 'cohere-chat';
