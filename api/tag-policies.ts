import type { Queryable } from '../adapters/postgres/pool.ts'
import { listPolicies } from '../adapters/postgres/queries/policies.ts'
import { tagPolicyErrors } from '../contract/monitor-policy.ts'
import { badRequest } from './errors.ts'

/** Throws an ApiError that says what is wrong with the tags of a monitor that somebody writes. */
export async function checkTagPolicies(db: Queryable, tags: readonly string[]): Promise<void> {
  const errors = tagPolicyErrors(tags, await listPolicies(db))
  if (errors.length > 0) throw badRequest(errors)
}
