import { memorySeriesSource } from '../support/memory-series-source.ts'
import { seriesSourceConformance } from './series-source.ts'

seriesSourceConformance('the memory', async (world) => memorySeriesSource(world))
