/**
 * What a search for events means: `service:web AND -status:ok @duration:>5 "a phrase"`. Plain JSON, no positions.
 * Read next: search.peggy, the grammar; search-match.ts, which events are found.
 */

export type Search =
  | Readonly<{ kind: 'all' }>
  /**
   * These words stand one after the other in the message; `anywhere` (`*:word`): in the message or in some value of the event. Lower
   * case, letters, digits and `_` only; `*` stands for any further ones, `?` for one.
   */
  | Readonly<{ kind: 'words'; words: readonly string[]; anywhere: boolean }>
  | Readonly<{ kind: 'field'; field: Field; test: FieldTest }>
  | Readonly<{ kind: 'and' | 'or'; of: readonly Search[] }>
  | Readonly<{ kind: 'not'; of: Search }>

/**
 * attribute: `@http.status_code`, a path into the event's attributes, in the case it was written.
 * tag: any other key, in lower case. `service`, `status` and `host` are the event's own fields, and tags where an event has none; `tags`
 * stands for each whole tag.
 */
export type Field = Readonly<{ kind: 'attribute' | 'tag'; name: string }>

/** Of a field that holds several values, some must pass. */
export type FieldTest =
  /** There is a value, whatever it is: `@error:*`. */
  | Readonly<{ kind: 'exists' }>
  /** Is this very text. Case counts in attributes only. */
  | Readonly<{ kind: 'is'; value: string }>
  /** Reads like this: `*` any text, `?` one character, a backslash before either (or itself) makes it a plain one. */
  | Readonly<{ kind: 'like'; pattern: string }>
  /** Is a number between these; null = without end. */
  | Readonly<{ kind: 'range'; from: Bound | null; to: Bound | null }>

export type Bound = Readonly<{ value: number; inclusive: boolean }>
