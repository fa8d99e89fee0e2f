/** Parameters of GET /api/v2/monitor/{id}/export. */
import { z } from 'zod'

const formats = ['json', 'yaml', 'terraform'] as const
export type ExportFormat = (typeof formats)[number]

export const exportParameters = z.object({ format: z.enum(formats).default('json') })
