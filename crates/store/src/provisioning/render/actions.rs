//! Where a caller goes, and what his agent must know.

use model::{FallbackAction, SkillNeed};

use super::super::yaml::Node;
use super::mapping::Mapping;

/// An action: a mapping of one field.
pub(super) fn action(action: &FallbackAction) -> Node {
    let mut one = Mapping::default();
    match action {
        FallbackAction::Hangup { message } => {
            let mut hangup = Mapping::default();
            hangup.maybe("message", message.as_deref());
            one.node("hangup", hangup.done());
        }
        FallbackAction::Queue(number) => one.text("queue", number.as_str()),
        FallbackAction::Extension(number) => one.text("extension", number.as_str()),
        FallbackAction::Flow(number) => one.text("flow", number.as_str()),
        FallbackAction::RingGroup(number) => one.text("ring_group", number.as_str()),
        FallbackAction::External(number) => one.text("external", number),
        FallbackAction::Voicemail { mailbox, message } => {
            let mut voicemail = Mapping::default();
            voicemail.maybe("message", message.as_deref());
            voicemail.maybe("mailbox", mailbox.as_ref().map(model::ExtensionNumber::as_str));
            one.node("voicemail", voicemail.done());
        }
    }
    one.done()
}

/// Needs: a mapping of skill to level, or a list if one of them is relaxed with time. None: there are none.
pub(super) fn needs(needs: &[SkillNeed]) -> Option<Node> {
    let plain = |need: &SkillNeed| need.relax_after == 0 && need.relax_by == 1;
    if needs.is_empty() {
        return None;
    }
    if needs.iter().all(plain) {
        let mut levels = Mapping::default();
        needs.iter().for_each(|need| levels.number(&need.skill, need.level));
        return Some(levels.done());
    }
    let need = |SkillNeed { skill, level, relax_after, relax_by }: &SkillNeed| {
        let mut need = Mapping::default();
        need.text("skill", skill);
        need.number("level", *level);
        // A step is not said without its time, even if that is none.
        if *relax_by == 1 {
            need.number_unless("relax_after", *relax_after, 0);
        } else {
            need.number("relax_after", *relax_after);
            need.number("relax_by", *relax_by);
        }
        need.done()
    };
    Some(Node::new(super::super::yaml::Value::List(needs.iter().map(need).collect())))
}
