/** Ten companies listed in Shanghai and Shenzhen: trade name, trade, province; deals in 元 are made up. */
export type Company = {
  name: string;
  trade: string;
  province: string;
  /** How people type it: the first letters of its pinyin. */
  initials: string;
  /** The value of the product's own dictionary that fits the trade. */
  industry: string;
  amount: number;
};

export const COMPANIES: readonly Company[] = [
  { name: '福耀玻璃', trade: '汽车配件', province: '福建', initials: 'fybl', industry: '制造业', amount: 500000 },
  { name: '伊利股份', trade: '乳制品', province: '内蒙', initials: 'ylgf', industry: '制造业', amount: 128000.5 },
  { name: '格力电器', trade: '家用电器', province: '广东', initials: 'gldq', industry: '制造业', amount: 860000 },
  { name: '中国巨石', trade: '玻璃', province: '浙江', initials: 'zgjs', industry: '制造业', amount: 99999.99 },
  { name: '恒瑞医药', trade: '化学制药', province: '江苏', initials: 'hryy', industry: '医疗健康', amount: 320000.1 },
  { name: '用友网络', trade: '软件服务', province: '北京', initials: 'yywl', industry: '互联网', amount: 76500 },
  { name: '贵州茅台', trade: '白酒', province: '贵州', initials: 'gzmt', industry: '制造业', amount: 1200000 },
  { name: '三一重工', trade: '工程机械', province: '北京', initials: 'syzg', industry: '制造业', amount: 640000.2 },
  { name: '科大讯飞', trade: '软件服务', province: '安徽', initials: 'kdxf', industry: '互联网', amount: 210000 },
  { name: '海康威视', trade: '电器仪表', province: '浙江', initials: 'hkws', industry: '制造业', amount: 455000.7 },
];
