import type { Argument, CallExpression, Expression, MetricQuery, Over, SeriesExpression } from '../../core/query/metric-nodes.ts'

/** `avg:NAME{*}`, and what is different about it. */
export function series(metric: string, different: Partial<SeriesExpression> = {}): SeriesExpression {
  return {
    kind: 'series',
    aggregator: 'avg',
    metric,
    filter: { kind: 'all' },
    by: [],
    as: null,
    rollup: null,
    fill: null,
    weighted: false,
    ...different,
  }
}

/** `name(of, …)`; `'direction=above'` is an argument with a name. */
export function call(name: string, of: Expression, ...args: readonly (number | string)[]): CallExpression {
  return { kind: 'call', name, of, args: args.map(argument) }
}

function argument(text: number | string): Argument {
  const [, name = null, value = text] = /^([a-z_]+)=(.*)$/.exec(String(text)) ?? []
  return { name, value }
}

export function number(value: number): Expression {
  return { kind: 'number', value }
}

export function arithmetic(left: Expression, operator: '+' | '-' | '*' | '/', right: Expression): Expression {
  return { kind: 'arithmetic', operator, left, right }
}

/** `avg(last_Nm):of > 0`. */
export function over(minutes: number, of: Expression, different: Partial<Over> = {}): MetricQuery {
  const window: Over = {
    aggregator: 'avg',
    windowMs: minutes * 60_000,
    calendar: null,
    windowText: `last_${minutes}m`,
    ahead: false,
    change: null,
    ...different,
  }
  return { kind: 'metric', over: window, of, comparator: '>', threshold: 0 }
}
