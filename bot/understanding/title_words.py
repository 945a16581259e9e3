"""Words for yes/no facts and for things that a firm may have none of."""

from __future__ import annotations

from collections.abc import Mapping

FLAGS: Mapping[str, tuple[str, ...]] = {
    "is_hnte": (
        "{国家级|国家|}高{新技术企业|企|新企业}{证书|认定|资质|称号|证|资格|}",
        "hnte",
        "高启",
        "{国家|}高企业",
        "高新{认定|证书|资质|技术企业证书}",
        "高新技术认定",
        "國高",
        "国高企业",
        "国高{新|}",
    ),
    "is_little_giant": (
        '{国家级|国家|}{专精特新|}{的|}{"|“|}小巨人{"|”|}{企业|认定|资质|称号|}',
        "专精特新重点小巨人",
        "{国家级|国家|}重点小巨人",
        "little giant{s|}",
    ),
    "is_srdi": (
        "{国家级|国家|省级|市级|重庆市|市|市里面的|市里的|}{专精特新|专新特精|专精新特|"
        "专特精新}{中小企业|企业|认定|称号|资质|}",
        "{srdi|s.r.d.i}{ enterprise|}",
    ),
    "is_innovative_sme": (
        "创新型中小企业",
        "创新型中小{微|}企业",
        "创新型企业",
        "创新型中小",
        "创新型",
        "innovative sme{s|}",
    ),
    "is_gazelle": (
        "瞪羚{企业|}",
        "高成长性{科技|}企业",
        "高成长{科技|}企业",
        "瞪羚",
        "gazelle{ enterprise| company|}",
    ),
    "is_tech_sme": (
        "{国家级|国家|全国|国|}科技型中小{企业|微企业|}{入库|认定|}{编号|}",
        "国科小",
        "tech{-based|nology|} sme{s|}",
        "tech-sme",
        "科技中小{微|}",
        "科小",
        "科技型中小",
        "科技中小企业",
        "科中小",
        "{国家|}科小{库|}",
    ),
    "is_cq_tech_enterprise": (
        "{重庆市|重庆|市级|市|市里的|市里面的|本市|}科技型企业{库|系统|信息管理系统|"
        "信息系统|名单|入库|名录|管理系统|}",
        "{重庆市|重庆|市级|市|市里的|市里面的|}科技企业{库|系统|名单|入库|名录}",
        "市科技局{的|}{企业|}{库|系统|入库}",
        "市级科技型企业",
        "科技型企业{的|}库",
        "科企库",
        "{重庆市|重庆|市级|市|}入库{的|}科技型企业",
        "市库",
        "市科技型",
    ),
    "has_collateral": (
        "抵押物{品|}",
        "抵押{品|资产|担保物|}",
        "{可以|能|可}抵押{的|}{东西|资产|房产|}",
        "押品",
        "不动产",
        "房产",
        "房本",
        "产权房",
    ),
    "has_overdue": ("逾期{记录|过|贷款|}", "欠息", "不良{记录|贷款|征信}", "征信{记录|}逾期"),
    "has_major_violation": (
        "{重大|严重|}{违法违规|违法|违规|失信|违法失信}{行为|记录|处罚|案件|}",
        "失信{被执行人|记录|名单}",
        "行政处罚",
        "老赖",
        "严重失信",
        "重大{安全|质量|环保|环境}事故",
        "黑名单",
    ),
    "invention_patents": ("发明{专利|}",),
    "utility_patents": ("实用新型{专利|}",),
    "software_copyrights": ("软著", "软件著作权", "著作权"),
    "pct_patents": ("pct",),
    "patents": ("专利",),
    "existing_loans_wan": (
        "贷款余额",
        "存量贷款",
        "{银行|未结清|现有|在贷|其他|别的|任何|未还|}{贷款|借款|负债}",
    ),
    "equity_raised_wan": ("股权融资", "{外部|天使|机构|}融资", "外部投资"),
    "bank_will_lend": (),
}
CUES: Mapping[str, tuple[str, ...]] = {
    "has_collateral": (
        "抵{押|压}{物|的|}",
        "{能|可|可以|拿来|拿去|来|去|没|没得|没啥|没东西}抵",
        "抵的",
        "{能|可|可以|拿来|拿去|没啥|没啥子}押",
        "押给",
        "厂房",
        "门面",
        "商铺",
        "土地",
        "写字楼",
        "{自有|自己的}房",
    ),
    "bank_will_lend": (
        "放款",
        "放贷",
        "{愿意|肯|同意|答应|可以}{放|贷|批}",
        "批复",
        "{给|说|没}批",
        "{银|工|农|建|中|交|招}行",
        "客户经理",
    ),
    "accepts_equity": ("股权", "股份", "让股", "出让", "稀释", "入股", "{占|出|给|让点|的}股"),
    "has_overdue": ("按时还", "征信", "信用记录"),
}
"""Words near which a yes/no fact may be stated; whether it is, and which way, only the judgement says."""
COUNTED_FLAGS = frozenset(
    {
        "invention_patents",
        "utility_patents",
        "software_copyrights",
        "pct_patents",
        "patents",
        "existing_loans_wan",
        "equity_raised_wan",
    }
)
"""Flags whose absence is the number 0; their presence without a number says nothing."""
