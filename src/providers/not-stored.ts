// The Responses APIs store what they are asked unless they are told not to, for anyone to go on with who has the key, and
// the gateway's key is everybody's. https://platform.openai.com/docs/api-reference/responses/create#responses-create-store

export const NOT_STORED = { store: false } as const;
