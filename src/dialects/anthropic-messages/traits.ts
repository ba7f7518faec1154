// What the writer must know of a model behind an Anthropic Messages endpoint. A provider supplies these per model.

export type AnthropicMessagesTraits = {
  /** The model's own ceiling: the `max_tokens` of a caller who named none. */
  readonly maxOutputTokens: number;
  /** temperature, top_p and top_k are accepted. */
  readonly sampling: boolean;
  readonly thinking: {
    readonly adaptive: boolean;
    /** `{type:"enabled", budget_tokens}` */
    readonly budget: boolean;
    readonly disable: boolean;
    readonly betweenTools: boolean;
  };
  /** Words for `output_config.effort`, weakest first; empty: the field is not sent. */
  readonly efforts: readonly string[];
  /** `tool_choice` any / tool. */
  readonly forcedTools: boolean;
  /** `output_config.format` json_schema. */
  readonly structuredOutput: boolean;
  /** `role: "system"` in the middle of the conversation. */
  readonly systemMessages: boolean;
};
