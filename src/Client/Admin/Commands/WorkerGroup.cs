using System.CommandLine;
using CocoonPool.Client.Admin.Connection;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Commands;

/// <summary><c>worker …</c>: what the machines do, and steering them.</summary>
internal static class WorkerGroup
{
    public static Command Create(PoolCommands pool) => new ExampledCommand("worker", "Workers: list, look at one, steer one.")
    {
        List(pool),
        Status(pool),
        Steer(pool, "activate", "Lets the worker serve.", isCauseNeeded: false),
        Steer(pool, "drain", "Gives the worker no new requests; running ones finish.", isCauseNeeded: false),
        Steer(pool, "deactivate", "Takes the worker out of service.", isCauseNeeded: false),
        Steer(pool, "quarantine", "Takes the worker out at once until it has been looked at.", isCauseNeeded: true),
    };

    private static Command List(PoolCommands pool)
    {
        var paging = new Paging();
        var status = new Option<string?>("--status") { Description = "only workers in this state, such as active" };
        var model = new Option<string?>("--model") { Description = "only workers that offer this model" };
        return pool.Ask(
            "list", "All workers.", ["worker list", "worker list --status active --model cocoon-demo"], [status, model, .. paging.Symbols],
            parsed => paging.Page(parsed, PoolRequest.Get($"/api/v1/workers"), ("status", parsed.GetValue(status)), ("model", parsed.GetValue(model))),
            (page, screen) =>
            {
                screen.Table(
                    ["worker", "state", "connected", "#running", "GPUs", "models", "region", "participant"],
                    page.List("data").Select(worker => new[]
                    {
                        worker["id"], worker["state"], worker["connected"], worker["running_tasks"],
                        $"{worker["hardware.gpu_count"]} × {worker["hardware.gpu_model"]}", Models(worker), worker["region"], worker["participant_address"],
                    }),
                    "There are no such workers.");
                screen.More(page);
            });
    }

    private static Command Status(PoolCommands pool)
    {
        var id = Id();
        return pool.Ask("status", "One worker.", ["worker status alice-worker"], [id], parsed => PoolRequest.Get($"/api/v1/workers/{parsed.GetValue(id)}"), Show);
    }

    private static Command Steer(PoolCommands pool, string verb, string description, bool isCauseNeeded)
    {
        var id = Id();
        var cause = new Option<string?>("--cause") { Description = "why, for the worker's record", Required = isCauseNeeded };
        var example = $"worker {verb} alice-worker" + (isCauseNeeded ? " --cause \"wrong answers\"" : "");
        return pool.Ask(
            verb, description, [example], [id, cause],
            parsed => PoolRequest.Post(
                $"/api/v1/workers/{parsed.GetValue(id)}/{verb}", parsed.GetValue(cause) is { Length: > 0 } words ? new { cause = words } : new { }),
            Show);
    }

    private static void Show(Fields worker, Screen screen) => screen.Facts(
        ("worker", worker["id"]),
        ("state", $"{worker["state"]} since {worker["state_since"]}"),
        ("cause", worker["state_cause"]),
        ("connected", worker["connected"]),
        ("running tasks", worker["running_tasks"]),
        ("last heartbeat", worker["last_heartbeat_at"]),
        ("attestation", worker["attestation.verdict"]),
        ("hardware", $"{worker["hardware.gpu_count"]} × {worker["hardware.gpu_model"]}, {worker["hardware.vram_gb"]} GB VRAM, "
            + $"{worker["hardware.cpu_cores"]} cores, {worker["hardware.ram_gb"]} GB RAM"),
        ("models", Models(worker)),
        ("coefficient", worker["coefficient"]),
        ("region", worker["region"]),
        ("software", worker["software"]),
        ("participant", worker["participant_address"]));

    private static string Models(Fields worker) => string.Join(", ", worker.List("models").Select(model => model["name"]));

    private static Argument<string> Id() => new("ID") { Description = "the worker's name, as in worker list" };
}
