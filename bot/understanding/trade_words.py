"""Which words name a trade: what a firm can make, sell or do, and what only looks like it."""

from __future__ import annotations

import re


def _any(words: str) -> str:
    """Any of the words; one in Latin letters only where no other letter stands before it."""
    longest = sorted(words.split(), key=len, reverse=True)
    return "|".join(f"(?<![a-z]){word}" if word.isascii() else word for word in longest)


_FIELDS = """
半导体 集成电路 人工智能 大数据 云计算 边缘计算 隐私计算 量子计算 物联网 区块链 元宇宙 数字孪生 互联网
车联网 网络安全 信息安全 数据安全 信创 溯源 软件 硬件 程序 小程序 信息化 数字化 自动化 算法 大模型 数据库
中间件 视觉 机器视觉 计算机视觉 图像识别 人脸识别 数据服务 数字经济 低空经济 智慧教育 智慧医疗 智慧城市
智慧农业 智慧养老 智慧交通 智慧物流 智慧园区 智慧能源 智慧水务 虚拟现实 ai saas iot bim eda gis erp mes
aigc agv amr mcu fpga gpu pcb mems cro cdmo cmo led oled vr ar ivd igbt evtol 医药 制药 药 药品 药物
中药材 疫苗 抗体 核酸 蛋白 多肽 酶 细胞治疗 基因治疗 基因测序 合成生物 合成生物学 计算生物学 生物技术
生物科技 生物工程 生物制造 生物 医疗 器械 耗材 试剂 试剂盒 培养基 体外诊断 康复 植入物 假肢 义齿 养老
大健康 保健品 化妆品 美妆 医美 食品 饮品 饮料 乳品 用品 饰品 工艺品 日用品 制品 预制菜 调味品 白酒 果酒
啤酒 茶叶 底料 榨菜 粮油 饲料 肥料 化肥 种业 种苗 育种 农业 农机 农产品 养殖 种植 畜牧 水产 花卉 苗木
果蔬 宠物 新能源 储能 光伏 风电 水电 氢能 锂电 电池 充电桩 换电 能源 节能 环保 污水处理 水处理 废水处理
废气处理 固废处理 固废 垃圾处理 碳捕集 余热利用 再生资源 材料 新材料 原料 石墨烯 碳纤维 玻纤 纤维 陶瓷
玻璃 塑料 橡胶 涂料 涂层 油墨 胶 胶水 树脂 硅胶 助剂 添加剂 催化剂 药剂 剂 化工 日化 合金 铝材 钢材 铜材
型材 板材 管材 线材 器材 建材 包材 面料 薄膜 膜 粉末 粉体 晶体 晶圆 碳化硅 氮化镓 特气 气凝胶 稀土 靶材
电解液 正极 负极 润滑油 食用油 菜籽油 漆 钢构 钢结构 混凝土 水泥 门窗 防水 零件 部件 零部件 配件 组件
元件 器件 元器件 铸件 锻件 机器 锅炉 设备 装备 仪器 仪表 仪 机械 机电 机器人 机床 刀具 刃具 工具 夹具
治具 模具 量具 磨具 磨料 机组 马达 引擎 变速箱 齿轮箱 减速箱 配电箱 集装箱 纸箱 泵 阀 阀门 轴承 齿轮 弹簧
螺丝 链条 轮毂 轮胎 电缆 线缆 线束 电线 光缆 光纤 端子 开关 电容 电阻 电感 电路 模组 模块 终端 探头 镜头
眼镜 雷达 天线 卫星 火箭 飞控 导航 遥感 北斗 通信 通讯 激光 光电 光学 显示 显示屏 屏 面板 照明 灯 灯具
传感 传感网 电控 电驱 电源 底盘 车身 座舱 座椅 内饰 关节 电堆 机芯 钟表 叶片 脑机接口 微流控 类器官
热管理 汽车 整车 摩托 摩托车 电动车 新能源车 自行车 专用车 改装车 房车 客车 通机 汽摩 汽配 摩配 自动驾驶
智能驾驶 智能网联 网联 轨道交通 船舶 航空 航天 航空航天 军工 安防 门禁 电梯 家具 家居 家电 厨电 卫浴 玩具
乐器 服装 服饰 鞋 鞋业 箱包 纺织 五金 电子 电器 电气 飞行器 航天器 氢燃料 燃料电池 消防器材 3d打印 锁
智能锁 罐 储罐 塔 壳 箱体 壳体 阀体 泵体 缸体 磁体 种植体 植入体 毛坯 链轮 叶轮 砂轮 涡轮 支架 丝 箔 粉
颗粒 浆料 电极 光源 酒 砖 镜 口罩 手套 护具 床垫 沙发 手表 耳机 音响 音箱 麦克风 摄像头 相机 服务器 存储
路由器 图像 视频 音视频 探针 掩膜 光罩 辅料 胶囊 口服液 敷料 骨科 眼科 齿科 口腔 护理 母婴 食用菌 蔬菜
水果 咖啡 烘焙 糕点 小面 蜂蜜 花椒 辣椒 木材 石材 砂石 沥青 保温 幕墙 构件 装配式 标签 水表 电表 桥梁
隧道 管道 管网 路灯 散热 光刻 抛光 研磨 烧结 增材 数控 数控化 停车 充电 充电站 换电站 电站 农场 租赁 制作
带货 影视 文创 会展 人力资源 金融科技 贸易 流通 批发 零售 安装 劳务 处置 解决方案 波导 气体 加工 机加
机加工 制造 铸造 锻造 压铸 注塑 冲压 焊接 钣金 喷涂 喷漆 电镀 热处理 表面处理 切割 线切割 打印 印刷 印染
包装 回收 再制造 修复 维修 清洗 检测 测试 检验 测评 监测 探测 测量 计量 封装 封测 贴片 系统集成 集成 设计
外包 运维 测绘 勘察 勘测 测序 提取 提纯 治疗 物流 冷链 仓储 运输 电商 直播 传媒 广告 动漫 游戏 教育 培训
餐饮 酒店 旅游 文旅 地产 物业 装修 装饰 建筑 园林 仿真 语音 影像 识别 翻译 回收利用 综合利用 咨询 外贸
美容 美发 幼教 家政 保洁 信息技术 系统 工程 信息服务业 服务业 制造业
"""
"""What trades end with: fields, goods, and work done for others."""
_SINGLE = (
    r"(?<![软条证文邮附案事物发])件|(?<![危有随司商时动投转契座样待])机|(?<![武机])器|(?<![老样模黑白看])板|"
    r"(?<![主监保接尽不])管|(?<![流图照名卡])片|(?<!货)柜|(?<![出开])具"
)
"""One character that ends the names of many goods, and the words that it ends otherwise."""
_HEAD = re.compile(rf"(?:{_any(_FIELDS)}|{_SINGLE})$")

_VAGUE = frozenset(
    """
    设备 材料 原料 仪器 器材 设计 加工 制造 集成 测试 测量 检验 识别 显示 影像 模块 模组 工具 系统 修复
    维修 清洗 回收 包装 工程 运输 治疗 提取 开关 电源 汽车 电子 药 件 机 器 板 管 片 柜 灯 屏 膜 胶 剂 漆
    泵 仪 阀 酶 鞋 程序 语音 测评 工艺品 用品 制品 药品 家具 面板 服务业 制造业 运维 显示屏 打印 培训
    监测 探测 计量 ai 视觉 翻译 装修 装饰 硬件 食品 配件 流通 批发 零售 安装 劳务 贸易 处置 解决方案 气体
    租赁 制作 存储 视频 图像 粉 丝 壳 塔 罐 锁 砖 镜 酒 停车 充电 手表 手套 口罩 服务器 沙发 路灯 管道
    零件 部件 零部件 组件 元件 器件 机器 机械
    """.split()
)
"""Heads that say too little to be a trade where nothing introduces them."""
_NEVER_ALONE = frozenset(
    """
    设备 系统 工程 程序 材料 原料 机器 测试 制造 集成 模块 工具 租赁 制作 贸易 处置 解决方案 存储 视频
    图像 开关 计算 识别 显示 服务业
    """.split()
)
_ORDINARY = re.compile(
    r"(?:机器|生产|进口|自有|办公|主要|新|旧|二手|大型|老|现有|全部|研发|实验|国产|核心|产品|工业|相关|本地|原|辅助|"
    r"配套|先进|关键|一般|专用|技术|车间|厂里|质量|软硬件|信息|管理|财务|在建|重点|安装|公司|货运|各种|小型)+"
)
"""What may stand before a vague head without making a trade of it: 机器设备, 生产设备, 原材料."""

_WHOLE = re.compile(
    "|".join(
        """
        机器人 无人 算法 计算 运算 算力 人工智能 人形 人脸 人造 人体 有机 有色 有源 无线 无损 无源 无菌
        无机 无尘 无纺 无缝 无刷 无铅 不锈钢 智能 功能 性能 储能 节能 氢能 动能 热能 核能 能源 能量 能耗
        能效 光能 风能 太阳能 家具 家居 家政 家电 家纺 家装 可穿戴 可降解 可再生 日化 日用 三维 二维 三元
        三电 五金 二手 一体 一次性 三代半导体 第三代 第四代 二极管 三极管 四足 五轴 六轴 万向 百货 千斤顶
        十字 二氧化碳 二氧化硅 车规级 工业级 电子级 医用级 军工级 食品级 新能源 更年 轮胎 轮毂 齿轮 涡轮
        叶轮 砂轮 轮机 轮椅 营养 运营商 过滤 过程控制 过敏 再生资源 资源回收 资源化 水资源 信息化 税控
        对讲 给排水 增材 增程 增强 收割 收费 回收 会展 会议 投影 能见度 工资 房地产 资讯 新一代 第三方
        智能卡 存储 利用 进口 先进 推进 步进 进样 投料 投送 换热 换电 交换 变换 转换 切换 改性 改装
        工程咨询 管理咨询 技术咨询 造价咨询 bim咨询 环保咨询 改良 改质 收音 收银 吸收 接收 扩散 扩展坞
        扩音 押出 个人护理 个护 增压 增氧 增稠 多肽 多晶 多媒体 多功能 多层 多传感 多光谱 要素 月饼 月子
        日光 日照 人参 仿人 骨科 软件 硬件 占位
        """.split()
    )
)
"""Words whose characters would stop a name otherwise."""
_STOP = re.compile(
    r"[进是的好我你您他她它咱俺这那哪谁啥么吗呢吧啊哦嘛哈哟咯错了想要没无不很都还也就才只会能可买购换扩改抵押贷融资投款钱税额收利"
    r"营占增亏员人有个项家年月岁亩批些多少几差缺欠借还约够说问填报算得把被让给向跟年些一二三四五六七八九十百千万亿两\d]"
    r"(?!d打印|d视觉|d显示|g|d|c产品|k)|"
    r"(?:[a-z]|天使|种子|[首本上每多])轮|[a-z]级|等级|评级|期$|阶段|初创|成立|注册|申请|办理|咨询|高企|高新|小巨人|瞪羚|专精特新|科小|科技型|科创|专利|软著|实用新型|"
    r"更新|更正|升级|周转|研发[^,]|老师|老板|朋友|公司|企业|工厂|单位|团队|客户|供应商|同行|订单|情况|产业化|政策|补贴|证书|"
    r"担保|质押|利率|额度|合同|流水|积分|知识价值|发票|审计|财务|会计|总部|基地|园区|厂房|车间|房产|住房|土地|在家|目前|现在|"
    r"今天|明天|您好|你好|谢谢|请|主要|属于|市场|规模|比例|比较|刚刚|刚好|已经|打算|准备|计划|开始|来自|用来|用于|专门|"
    r"从事|做|搞|干净|卖|供货|等等|其中|其他|其它|总共|一共|合计|加起来|手头|另算|全靠|应该|因为|所以|取决|根据|经查|良好|突出|稳定|销量|下滑|明显|清晰|单一|具体|大概|说明|数据如下"
)
_ABSTRACT = re.compile(
    r"(?:(?:新|老|大|小|下一代|自己|内部|前期|后期|相关|多种|整体|日常|企业|公司)?"
    r"(?:产品|新品|样[机品]|小样|业务|生意|项目|事情?|活儿?|技术|工作|研究|开发|研发|试验|实验|管理|行政|销售|市场|品牌|老板|法人|出纳|助理|主任|"
    r"课题|规模|主业|副业|实业|科研|创业|本行|数据|代码|外面|服务|评估|检查|审计|规划|流片|中试|打样|小试|试制|量产|扩产|生产|经营|"
    r"运营|运转|周转|尽调|推广|宣传|活动|方案|材料|资料|手续|认证|认定|测算|比较|选择|对比|登记|备案|变更|转型|转化|成果|绿色|上市|股改|"
    r"并购|预算|决策|功课|作业|预审|路演|ppt|文章|临床|产业|行业|东西|小本|实体|科技|大事|正事|学问|技改|设备|账|证|表|单|货|饭|车|房|股|钱|这|那|人|事|"
    r"起来|下来|下去|出来|上去|大|强|成|好|完|得|到|起|法|工|梦|空白|样子|贡献|准备|配合|后盾|主|头|数|量|一般|普通|正规|合规|长期|"
    r"短期|中期|前端|后端|测试|运维|财务|人事|采购|质检|售后|客服|融资|培训|实验室|保密|跳过|随便|综合|多元化?|传统|严发|展会|调研|申报|咨询|代账|记账))+"
)
"""What one does without its being one's trade."""

_LEAD = re.compile(
    r"^(?:老本行|一些|各种|各类|各式|那种|这种|这个|主要|专业|就是|的是|是|点儿?|些|打造|提供|开展|承接|家|小|属于?|系|为|跟|和|"
    r"我们?|咱们?|我司|本公司|自己|自主研发|自主|国产|传统)+(?=..)"
)
_TAIL = re.compile(
    r"(?:(?:这一?块|这[行类个种一]+|那[块行]|行业|领域|赛道|方向|方面|行当|业务|生意|项目|成果|企业|公司|厂商|厂家|厂子|(?<![加施])工厂|厂|"
    r"单位|团队|工作室|门市|作坊|的|类|相关|系列|本体|核心部件|为主|等|等等|产业|研发|研制|生产|销售|运营商?|嘛|哈|吧|呢|啊|撒)|"
    r"(?<=...)(?:制造|服务|平台|(?<!信息)(?<!生物)技术|产品)|(?<=....)信息系统)+$"
)


def has_head(name: str) -> bool:
    """Whether a phrase of normal text ends with what trades are called after."""
    return _HEAD.search(name) is not None


def trade_in(phrase: str) -> tuple[int, int]:
    """Where the trade lies in a phrase of normal text that may be one: 激光设备 in 「就是激光设备这块」."""
    lead = _LEAD.match(phrase)
    start = lead.end() if lead else 0
    tail = _TAIL.search(phrase, start)
    end = tail.start() if tail else len(phrase)
    if end - start < 2 and tail:
        end = min(len(phrase), start + 2) if phrase[start : start + 2] in ("制药",) else end
    return start, end


def names_trade(name: str, *, introduced: bool, open_ended: bool = False) -> bool:
    """Whether a name taken by :func:`trade_in` can be a trade.

    Args:
        introduced: something around it says that it is one (做…的, …企业), so that vague words will do.
        open_ended: it is said so plainly that words that are unknown here are believed too.
    """
    if not 1 < len(name) <= 16 or _STOP.search(_WHOLE.sub("〇", name)):
        return False
    head = _HEAD.search(name)
    if head is None:
        if not open_ended or _ABSTRACT.fullmatch(name) or len(name) > 10:
            return False
        return re.search(r"[\u4e00-\u9fff]", name) is not None
    before = name[: head.start()]
    if head.group() not in _VAGUE:
        return True
    if not before:
        return introduced and head.group() not in _NEVER_ALONE
    return _ORDINARY.fullmatch(before) is None
