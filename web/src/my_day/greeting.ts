import * as m from '@/paraglide/messages';

/** What one says at this hour of the business zone. */
export function greeting(hour: number): string {
  if (hour >= 5 && hour < 9) return m.my_day_good_morning();
  if (hour >= 9 && hour < 12) return m.my_day_good_day();
  if (hour >= 12 && hour < 14) return m.my_day_good_noon();
  if (hour >= 14 && hour < 18) return m.my_day_good_afternoon();
  return m.my_day_good_evening();
}

const DOUBLE_SURNAMES = ['欧阳', '上官', '司马', '诸葛', '尉迟', '东方', '皇甫', '令狐', '慕容', '司徒'];

/** Colleagues are greeted by their given name: 周启明 → 启明. Two characters stay whole. */
export function givenName(name: string): string {
  if (!/^[\u4e00-\u9fff]{3,4}$/.test(name)) return name;
  const surname = DOUBLE_SURNAMES.some((one) => name.startsWith(one)) ? 2 : 1;
  return name.length - surname >= 2 ? name.slice(surname) : name;
}
