// What the writer must know of one of Cohere's models. A provider supplies these per model.

export type CohereChatTraits = {
  /** `image_url` in user messages. */
  readonly images: boolean;
  /** `thinking`, and thinking of earlier turns. */
  readonly thinking: boolean;
  readonly tools: boolean;
  /** `tool_choice`: models before R7B can neither be forced to call a tool nor kept from it. */
  readonly toolChoice: boolean;
};
