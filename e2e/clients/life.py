"""The whole life of a queue, by the client that is generated from openapi/v1.json.

Prints a line for each step; `life.py <address> <email> <password>`.
"""

import sys

from cordboard_client import AuthenticatedClient, Client
from cordboard_client.api.agents import agents_login
from cordboard_client.api.auth import login, logout
from cordboard_client.api.provisioning import (
    provisioning_entry_create,
    provisioning_entry_delete,
    provisioning_entry_get,
    provisioning_entry_put,
    provisioning_member_put,
)
from cordboard_client.api.queues import queues_get, queues_statistics
from cordboard_client.models import ActionBody, LoginBody, MemberShape, QueueShape

address, email, password = sys.argv[1:]


def say(step: str, found: object) -> None:
    print(f"{step}: {found}")


def queue(ring_time: int) -> QueueShape:
    return QueueShape.from_dict(
        {
            "number": "8101",
            "name": "Orders",
            "ring_time": ring_time,
            "on_no_answer": {"hangup": {"message": "goodbye"}},
            "members": [],
        }
    )


token = login.sync(client=Client(base_url=address), body=LoginBody(email=email, password=password))
say("logged in as", token.role.value)
client = AuthenticatedClient(base_url=address, token=token.token)

made = provisioning_entry_create.sync_detailed("~", "queues", client=client, body=queue(12))
say("made", made.status_code.value)
read = provisioning_entry_get.sync_detailed("~", "queues", "8101", client=client)
say("read", read.status_code.value)
changed = provisioning_entry_put.sync("~", "queues", "8101", client=client, body=queue(20))
say("changed", "; ".join(changed.plan))
wrong = provisioning_entry_put.sync("~", "queues", "8101", client=client, body=queue(0))
say("changed wrongly", f"{wrong.status} {wrong.faults[0].pointer}")
added = provisioning_member_put.sync("~", "8101", "1001", client=client, body=MemberShape(agent="1001"))
say("member", "; ".join(added.plan))
live = queues_get.sync("~", "8101", client=client)
say("live", f"{live.name}, {live.waiting} waiting")
state = agents_login.sync_detailed("~", "1001", client=client, body=ActionBody(queue="8101"))
say("agent logged in", state.status_code.value)
figures = queues_statistics.sync("~", "8101", client=client)
say("offered", figures.offered)
gone = provisioning_entry_delete.sync("~", "queues", "8101", client=client)
say("removed", "; ".join(gone.plan))
after = provisioning_entry_get.sync("~", "queues", "8101", client=client)
say("afterwards", f"{after.status} {after.type_}")
logout.sync_detailed(client=client)
