namespace CocoonPool.Silo.Api;

/// <summary>What a caller may do. Every endpoint names exactly one.</summary>
public enum Permission
{
    /// <summary>Anybody: health, documentation, public figures of the pool.</summary>
    Public = 0,

    /// <summary>Inference as a client.</summary>
    Infer = 1,

    /// <summary>Reading one participant's data; participants only their own.</summary>
    ReadParticipant = 2,

    /// <summary>Registering and steering workers; participants only their own.</summary>
    ManageWorker = 3,

    /// <summary>Reading everything.</summary>
    ReadAll = 4,

    /// <summary>Participants, keys, epochs and settlements.</summary>
    Operate = 5,

    /// <summary>The worker's stream; it proves itself with the worker's key after it is open.</summary>
    WorkerLink = 6,
}

/// <summary>The one table of who may do what.</summary>
public static class Permissions
{
    public const string OperatorRole = "operator";
    public const string ParticipantRole = "participant";
    public const string ClientRole = "client";

    private static readonly Dictionary<Permission, string[]> Table = new()
    {
        [Permission.Infer] = [ClientRole, OperatorRole],
        [Permission.ReadParticipant] = [ParticipantRole, OperatorRole],
        [Permission.ManageWorker] = [ParticipantRole, OperatorRole],
        [Permission.ReadAll] = [OperatorRole],
        [Permission.Operate] = [OperatorRole],
    };

    /// <summary>Open to callers without a key.</summary>
    public static bool IsOpen(Permission permission) => permission is Permission.Public or Permission.WorkerLink;

    public static bool Allows(Permission permission, string role) => IsOpen(permission) || Table[permission].Contains(role, StringComparer.Ordinal);

    /// <summary>Names the permission of an endpoint. One without is refused by <see cref="AccessGuard"/>, and a test finds it.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, Permission permission)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(new RequiredPermission(permission));
        return endpoint;
    }
}

/// <summary>The permission that an endpoint names.</summary>
public sealed record RequiredPermission(Permission Permission);
