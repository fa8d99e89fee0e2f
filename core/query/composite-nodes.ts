/**
 * What a composite means, once it is parsed: an expression over other monitors. Plain JSON, no positions.
 * Read next: composite.peggy, the grammar; composite-status.ts, what it comes to; composite-join.ts, for which groups.
 */

/** `123 && !456 || 789` */
export type CompositeQuery = Readonly<{ kind: 'composite'; of: CompositeExpression }>

export type CompositeExpression =
  | Readonly<{ kind: 'monitor'; id: number }>
  | Readonly<{ kind: 'not'; of: CompositeExpression }>
  /** Two or more. */
  | Readonly<{ kind: 'and' | 'or'; of: readonly CompositeExpression[] }>
