"""Datadog's two libraries for Python against the API at DATADOG_HOST: each step fails loudly. Read next: test/api/python-clients.test.ts."""
import os
import time

import datadog
from datadog_api_client import ApiClient, Configuration
from datadog_api_client.v1.api.authentication_api import AuthenticationApi
from datadog_api_client.v1.api.monitors_api import MonitorsApi
from datadog_api_client.v1.model.monitor import Monitor
from datadog_api_client.v1.model.monitor_type import MonitorType
from datadog_api_client.v1.model.monitor_update_request import MonitorUpdateRequest
from datadog_api_client.v2.api.downtimes_api import DowntimesApi
from datadog_api_client.v2.api.monitors_api import MonitorsApi as MonitorsApiV2
from datadog_api_client.v2.api.roles_api import RolesApi

HOST = os.environ["DATADOG_HOST"]
KEYS = (os.environ["DATADOG_API_KEY"], os.environ["DATADOG_APP_KEY"])
QUERY = "avg(last_5m):avg:system.cpu.user{env:prod} by {host} > 4"


def older():
    """The library `datadog`, which reads whatever JSON comes."""
    datadog.initialize(api_key=KEYS[0], app_key=KEYS[1], api_host=HOST, mute=False)
    monitor = datadog.api.Monitor.create(type="query alert", query=QUERY, name="from Python", message="x", tags=["team:py"])
    assert monitor["name"] == "from Python", monitor
    number = monitor["id"]
    assert datadog.api.Monitor.validate(type="query alert", query=QUERY, name="x") == {}
    assert datadog.api.Monitor.get(number, group_states="all")["state"] == {"groups": {}}
    assert [one["id"] for one in datadog.api.Monitor.get_all(name="from Python", monitor_tags=["team:py"])] == [number]
    assert datadog.api.Monitor.update(number, name="renamed", query=QUERY)["name"] == "renamed"
    assert datadog.api.Monitor.search(query="title:renamed")["metadata"]["total_count"] == 1
    assert datadog.api.Monitor.search_groups(query="type:metric")["groups"] == []
    end = int(time.time()) + 3600
    assert datadog.api.Monitor.mute(number, scope="host:a", end=end)["options"]["silenced"] == {"host:a": end}
    assert datadog.api.Monitor.unmute(number, all_scopes=True)["options"]["silenced"] == {}
    downtime = datadog.api.Downtime.create(scope="env:prod", start=int(time.time()), end=end, monitor_id=number)
    assert downtime["scope"] == ["env:prod"], downtime
    assert downtime["id"] in [one["id"] for one in datadog.api.Downtime.get_all()]
    datadog.api.Downtime.delete(downtime["id"])
    assert datadog.api.Monitor.can_delete(monitor_ids=[number])["data"] == {"ok": [number]}
    assert datadog.api.Monitor.delete(number) == {"deleted_monitor_id": number}
    try:
        datadog.api.Monitor.get(number)
    except (datadog.api.exceptions.ApiError, datadog.api.exceptions.ClientError) as error:
        assert "Monitor not found" in str(error), error
    else:
        raise AssertionError("a deleted monitor was read")


def newer():
    """The library `datadog-api-client`, which refuses what isn't of its types."""
    configuration = Configuration(host=HOST)
    configuration.api_key["apiKeyAuth"], configuration.api_key["appKeyAuth"] = KEYS
    with ApiClient(configuration) as client:
        assert AuthenticationApi(client).validate().valid
        monitors = MonitorsApi(client)
        body = Monitor(name="newer", type=MonitorType("query alert"), query=QUERY, message="x", tags=["team:py"], priority=2)
        monitor = monitors.create_monitor(body=body)
        assert monitors.get_monitor(monitor.id, group_states="all", with_downtimes=True).name == "newer"
        assert monitors.update_monitor(monitor.id, body=MonitorUpdateRequest(name="changed")).name == "changed"
        assert [one.id for one in monitors.list_monitors(name="changed")] == [monitor.id]
        assert monitors.search_monitors(query="team:py").metadata.total_count == 1
        assert monitors.search_monitor_groups(query="team:py").groups == []
        monitors.validate_monitor(body=body)
        monitors.validate_existing_monitor(monitor.id, body=body)
        assert monitors.check_can_delete_monitor([monitor.id]).data.ok == [monitor.id]
        assert MonitorsApiV2(client).list_monitor_config_policies().data == []
        assert MonitorsApiV2(client).get_monitor_notification_rules().data == []
        assert DowntimesApi(client).list_downtimes(current_only=True).data == []
        assert len(RolesApi(client).list_roles().data) == 3
        assert monitors.delete_monitor(monitor.id).deleted_monitor_id == monitor.id


older()
newer()
print("both libraries are content")
