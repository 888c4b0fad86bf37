//! Stories by subject.

mod after_the_call;
mod change;
mod device;
mod entering;
mod fairness;
mod growing;
mod hours;
mod lifted;
mod line;
mod login;
mod missed;
mod overflow;
mod pickup;
mod ring_all;
mod several_calls;
mod several_queues;
mod single_call;
mod skills;
mod why;
