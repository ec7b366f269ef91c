import type { Opportunity } from '@/api/types';
import * as m from '@/paraglide/messages';
import type { Tone } from '@/ui/Badge';

export const statusLabels = (): Record<Opportunity['status'], { label: string; tone: Tone }> => ({
  open: { label: m.opportunities_status_open(), tone: 'blue' },
  won: { label: m.opportunities_status_won(), tone: 'brand' },
  lost: { label: m.opportunities_status_lost(), tone: 'red' },
});

export type ForecastClass = 'commit' | 'best_case' | 'pipeline';

/** How sure a deal is (I27). */
export const forecastLabels = (): Record<ForecastClass, string> => ({
  commit: m.opportunities_forecast_commit(),
  best_case: m.opportunities_forecast_best_case(),
  pipeline: m.opportunities_forecast_pipeline(),
});
