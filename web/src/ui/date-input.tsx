import './input-styles';
import '@mantine/dates/styles.layer.css';
import 'dayjs/locale/zh-cn';
import { DateInput, DatesProvider } from '@mantine/dates';
import * as m from '@/paraglide/messages';
import { getLocale } from '@/paraglide/runtime';
import { today } from './clock';
import type { DateFieldProps } from './DateField';
import './date-input.css';
import { common, oneLine } from './field';

/** 2024-3-20, 2024/3/20, 2024.3.20, 20240320, 2024年3月20日 → 2024-03-20; days that do not exist → null. */
export function readDate(text: string): string | null {
  const match = /^\s*(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?\s*$/.exec(text);
  if (!match) return null;
  const [, year = '', month = '', day = ''] = match;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const parsed = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(iso) ? iso : null;
}

export default function DateInputField(props: DateFieldProps) {
  const chinese = getLocale() !== 'en';
  return (
    <DatesProvider settings={{ locale: chinese ? 'zh-cn' : 'en', firstDayOfWeek: 1, weekendDays: [0, 6] }}>
      <DateInput
        {...common(props)}
        placeholder={props.placeholder ?? 'YYYY-MM-DD'}
        classNames={oneLine}
        value={props.value || null}
        onChange={(value) => props.onChange(value ?? '')}
        valueFormat="YYYY-MM-DD"
        dateParser={readDate}
        defaultDate={props.value || today()}
        {...(props.min && { minDate: props.min })}
        {...(props.max && { maxDate: props.max })}
        clearable={props.clearable ?? !props.required}
        clearButtonProps={{ 'aria-label': m.ui_clear() }}
        monthLabelFormat={chinese ? 'YYYY年M月' : 'MMMM YYYY'}
        yearLabelFormat={chinese ? 'YYYY年' : 'YYYY'}
        ariaLabels={{
          previousMonth: m.ui_previous_month(),
          nextMonth: m.ui_next_month(),
          previousYear: m.ui_previous_year(),
          nextYear: m.ui_next_year(),
          previousDecade: m.ui_previous_years(),
          nextDecade: m.ui_next_years(),
        }}
        popoverProps={{ withinPortal: !props.insidePopup }}
      />
    </DatesProvider>
  );
}
