"""What is wrong, and what to do about it, in the reader's language."""

from django.utils.translation import gettext_lazy

from shian.engine.trace.rules.faults import Fault
from shian.kernel.ui.states import Text

FAULTS: dict[str, Text] = {
    # Identifiers (rules.identifiers)
    "too_long": gettext_lazy("标识符最长 %(longest)s 个字符，请改用较短的"),
    "not_a_uri": gettext_lazy("应为完整的 URI，不含空格，例如 https://id.gs1.org/01/06901234567892/10/A1"),
    "bad_value": gettext_lazy("应用标识符 %(key)s 的值长度或字符不符合 GS1 规定，请核对"),
    "check_digit": gettext_lazy("应用标识符 %(key)s 的校验位应为 %(right)s，请核对号码"),
    "unknown_scheme": gettext_lazy("没有 %(scheme)s 这种 EPC URN，请核对写法或改用 GS1 Digital Link"),
    "parts": gettext_lazy("%(scheme)s 应由 %(wanted)s 段组成，段间用点号"),
    "pattern": gettext_lazy("类别标识只能以一个 * 结尾，前面各段须写明"),
    "company_prefix": gettext_lazy("厂商识别代码应为 6 至 12 位数字"),
    "digits": gettext_lazy("%(scheme)s 的厂商识别代码与参考代码合计应为 %(wanted)s 位数字"),
    # Events (rules.events, rules.event_schema)
    "not_an_object": gettext_lazy("应为 JSON 对象"),
    "unreadable": gettext_lazy("层次过深，或含有 JSON 没有的数值"),
    "event_type": gettext_lazy("事件类型应为 %(known)s 之一"),
    "schema": gettext_lazy("不符合结构：%(told)s"),
    "more_faults": gettext_lazy("还有其他错误，改正后再发送"),
    "in_the_future": gettext_lazy("时间在将来，请核对发送方的时钟"),
    "after_the_event": gettext_lazy("测量时间晚于事件时间"),
    "no_time": gettext_lazy("没有这个时间，请写成 2023-10-01T05:20:00+08:00"),
    "wrong_level": gettext_lazy("此处应为 %(wanted)s 级标识：单品放 epcList，批次和品种放 quantityList"),
    "told_twice": gettext_lazy("已写在 sensorMetadata 中，不能在 sensorReport 中再写"),
    "wrong_unit": gettext_lazy("%(type)s 不用这个单位"),
    "forged_hash": gettext_lazy("事件编号不是此事件的哈希；应为 %(right)s，或不填"),
    "about_nothing": gettext_lazy("事件没有对象：请填 epcList、quantityList 或 sensorElementList"),
    "ilmd_without_add": gettext_lazy("只有 action 为 ADD 的事件可以带 ilmd"),
    "parent_missing": gettext_lazy("请填 parentID"),
    "children_missing": gettext_lazy("请填 childEPCs 或 childQuantityList"),
    "transactions_missing": gettext_lazy("请填 bizTransactionList"),
    "side_missing": gettext_lazy("请填投入和产出；只有一方时须填 transformationID"),
    "many_fields": gettext_lazy("事件的字段过多，最多 %(most)s 个"),
    # Documents (documents)
    "not_json": gettext_lazy("不是 JSON，或层次过深"),
    "not_text": gettext_lazy("含有不成文字的字符（\\u0000 或半个代理对）"),
    "header_long": gettext_lazy("事件以外的部分最长 %(longest)s 个字符"),
    "document_type": gettext_lazy("type 应为 EPCISDocument 或 EPCISQueryDocument"),
    "document_version": gettext_lazy("schemaVersion 应为 2.0"),
    "document_empty": gettext_lazy("没有事件列表：epcisBody.eventList"),
    "same_id": gettext_lazy("同一文件中有两个事件用此编号"),
    "id_taken": gettext_lazy("已有另一事件用此编号；更正请用 errorDeclaration"),
}


def fault_text(fault: Fault) -> str:
    """The fault as a sentence."""
    text = str(FAULTS[fault.reason])
    return text % dict(fault.more) if fault.more else text
