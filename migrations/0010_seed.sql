insert into company (id, name) values (1, '我的公司');

insert into parameters (key, value) values ('health', '');

insert into dictionary_entries (kind, name, name_fold, key, detail_required, position) values
    ('industry', '制造业', '制造业', '', false, 1),
    ('industry', '互联网', '互联网', '', false, 2),
    ('industry', '金融', '金融', '', false, 3),
    ('industry', '零售', '零售', '', false, 4),
    ('industry', '医疗健康', '医疗健康', '', false, 5),
    ('industry', '教育', '教育', '', false, 6),
    ('industry', '房地产与建筑', '房地产与建筑', '', false, 7),
    ('industry', '能源化工', '能源化工', '', false, 8),
    ('industry', '交通物流', '交通物流', '', false, 9),
    ('industry', '其他', '其他', '', false, 99),
    ('region', '华东', '华东', '', false, 1),
    ('region', '华北', '华北', '', false, 2),
    ('region', '华南', '华南', '', false, 3),
    ('region', '华中', '华中', '', false, 4),
    ('region', '西南', '西南', '', false, 5),
    ('region', '西北', '西北', '', false, 6),
    ('region', '东北', '东北', '', false, 7),
    ('source_channel', '展会推广', '展会推广', '', true, 1),
    ('source_channel', '官网注册', '官网注册', '', false, 2),
    ('source_channel', '客户转介绍', '客户转介绍', '', true, 3),
    ('source_channel', '电话营销', '电话营销', '', false, 4),
    ('source_channel', '其他', '其他', '', false, 99),
    ('follow_up_method', '电话拜访', '电话拜访', 'phone_call', false, 1),
    ('follow_up_method', '上门拜访', '上门拜访', 'on_site_visit', false, 2),
    ('follow_up_method', '线上会议', '线上会议', 'online_meeting', false, 3),
    ('follow_up_method', '微信沟通', '微信沟通', 'wechat', false, 4),
    ('follow_up_method', '邮件', '邮件', 'email', false, 5),
    ('follow_up_method', '其他', '其他', 'other', false, 99),
    ('task_kind', '客户跟进', '客户跟进', 'customer_follow_up', false, 1),
    ('task_kind', '资料准备', '资料准备', 'material_preparation', false, 2),
    ('task_kind', '合同签订', '合同签订', 'contract_signing', false, 3),
    ('task_kind', '其他', '其他', 'other', false, 99),
    ('lost_reason', '价格过高', '价格过高', '', false, 1),
    ('lost_reason', '选择竞争对手', '选择竞争对手', '', false, 2),
    ('lost_reason', '预算取消', '预算取消', '', false, 3),
    ('lost_reason', '需求变化', '需求变化', '', false, 4),
    ('lost_reason', '其他', '其他', '', false, 99);

insert into pipelines (name, is_default) values ('标准销售流程', true);

insert into stages (pipeline_id, key, name, probability, limit_days, kind, position)
select p.id, s.key, s.name, s.probability, s.limit_days, s.kind, s.position from pipelines p cross join (
    select 'initial_contact' as key, '初步接触' as name, 10 as probability, 14 as limit_days, 'open' as kind, 1 as position
    union all select 'needs_analysis', '需求分析', 30, 21, 'open', 2
    union all select 'proposal', '方案提交', 50, 21, 'open', 3
    union all select 'negotiation', '商务谈判', 80, 30, 'open', 4
    union all select 'won', '成交', 100, null, 'won', 5
    union all select 'lost', '输单', 0, null, 'lost', 6
) s;

insert into tags (name, name_fold) values ('意向客户', '意向客户'), ('高价值客户', '高价值客户'), ('渠道客户', '渠道客户');
