/**
 * The option `prometheus`: where a monitor stands in a rule file, and its labels and annotations as they were written. What can't be read as a
 * template is refused, as Prometheus refuses the file. Read next: core/prometheus-template/rule.ts.
 */
import { z } from 'zod'
import { templateMistake } from '../core/prometheus-template/expand.ts'
import { nameCharsMax } from './bounds.ts'

/** A runbook in an annotation fits. */
const templateCharsMax = 20_000
/** Files of the corpora have seven at the most. */
const entriesMax = 50
/** Rules of one group; the largest published have some hundred. */
const groupRulesMax = 10_000

const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'expected a name like severity or runbook_url')
const template = z
  .string()
  .max(templateCharsMax)
  .superRefine((text, context) => {
    const mistake = templateMistake(text)
    if (mistake !== null) context.addIssue({ code: 'custom', message: `not a template of Prometheus: ${mistake}` })
  })
const few = (record: object): boolean => Object.keys(record).length <= entriesMax
const templates = z.record(labelName, template).refine(few, `at most ${entriesMax} entries`)
const texts = z.record(labelName, z.string().max(nameCharsMax)).refine(few, `at most ${entriesMax} entries`)

export const prometheusRule = z
  .strictObject({
    file: z.string().min(1).max(nameCharsMax),
    group: z.string().min(1).max(nameCharsMax),
    /** From 0, over all rules of the group, recording rules too. */
    order: z
      .int()
      .min(0)
      .max(groupRulesMax - 1),
    size: z.int().min(1).max(groupRulesMax).optional(),
    labels: templates.optional(),
    annotations: templates.optional(),
    external_labels: texts.optional(),
    external_url: z.string().max(nameCharsMax).optional(),
  })
  .refine(({ order, size }) => size === undefined || order < size, {
    path: ['order'],
    message: 'the order must be less than the size of the group',
  })
