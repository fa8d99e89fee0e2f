/** The bundle of the benchmark: the real workflows, and what they are measured against. */
export * from '../../workflows/index.ts'
export { bare, collectGarbage } from './bare.ts'
