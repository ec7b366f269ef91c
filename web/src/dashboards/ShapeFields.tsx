import type { TileShape } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Select } from '@/ui/Select';
import { type Form, layout } from '@/ui/use-form';
import { shapeOptions, USUAL_WIDTH, widthOptions } from './values';

type Props = { form: Pick<Form<{ shape: string; width: string }>, 'field' | 'set'> };

/** How a tile is shown: another shape brings its usual width along. */
export function ShapeFields({ form }: Props) {
  return (
    <div className={layout.two}>
      <Select
        label={m.dashboards_tile_shape()}
        options={shapeOptions()}
        {...form.field('shape')}
        onChange={(value) => form.set({ shape: value, width: String(USUAL_WIDTH[value as TileShape]) })}
      />
      <Select label={m.dashboards_tile_width()} options={widthOptions()} {...form.field('width')} />
    </div>
  );
}
