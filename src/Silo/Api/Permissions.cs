using CocoonPool.Silo.Audit;

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

    /// <summary>Signing in; what is sent proves who it is.</summary>
    SignIn = 40,

    /// <summary>What anybody may do with their own session.</summary>
    Session = 41,

    /// <summary>Changing one participant's settings; participants only their own.</summary>
    ManageParticipant = 42,

    /// <summary>Joining; participants only with the wallet that they proved.</summary>
    JoinPool = 43,

    /// <summary>Reading one worker; participants only their own.</summary>
    ReadWorker = 44,

    /// <summary>Making the first account with the host's key; more accounts as an administrator.</summary>
    CreateUser = 45,

    /// <summary>Roles and credentials of accounts.</summary>
    ManageUsers = 46,

    ReadUsers = 47,

    /// <summary>Shutting accounts, sessions and keys out: what has to be quick when something was stolen.</summary>
    EndSessions = 48,

    ReadAudit = 49,

    /// <summary>What the host runs with; secrets are never shown.</summary>
    ReadConfiguration = 50,

    /// <summary>A new key for the ring that protects tokens and seeds.</summary>
    RotateKeys = 51,

    /// <summary>Wanting, or taking back, an operation that needs two people.</summary>
    Propose = 52,

    /// <summary>Agreeing, as the second person.</summary>
    Approve = 53,

    /// <summary>Stopping the pool at once.</summary>
    Pause = 54,

    ManageWebhooks = 55,
}

/// <summary>The one table of who may do what.</summary>
public static class Permissions
{
    public const string PoolAdminRole = "pool-admin";
    public const string OperatorRole = "operator";
    public const string SecurityRole = "security";
    public const string DeveloperRole = "developer";
    public const string SupportRole = "support";
    public const string AuditorRole = "auditor";
    public const string ParticipantRole = "participant";
    public const string ClientRole = "client";
    public const string WorkerRole = "worker";

    /// <summary>Roles of accounts, which sign in with password and one-time code.</summary>
    public static readonly string[] RolesOfPeople = [PoolAdminRole, OperatorRole, SecurityRole, DeveloperRole, SupportRole, AuditorRole];

    public static readonly string[] Roles = [.. RolesOfPeople, ParticipantRole, ClientRole, WorkerRole];

    /// <summary>A pool-admin may do what an operator may, and what names pool-admin. A worker has its stream, which is open, and nothing else.</summary>
    private static readonly Dictionary<Permission, string[]> Table = new()
    {
        [Permission.Infer] = [ClientRole, OperatorRole, DeveloperRole],
        [Permission.ReadParticipant] = [ParticipantRole, OperatorRole, SecurityRole, SupportRole, AuditorRole],
        [Permission.ManageParticipant] = [ParticipantRole, OperatorRole],
        [Permission.JoinPool] = [ParticipantRole, OperatorRole],
        [Permission.ReadWorker] = [ParticipantRole, OperatorRole, SecurityRole, SupportRole, AuditorRole, DeveloperRole],
        [Permission.ManageWorker] = [ParticipantRole, OperatorRole],
        [Permission.ReadAll] = [OperatorRole, SecurityRole, SupportRole, AuditorRole, DeveloperRole],
        [Permission.Operate] = [OperatorRole],
        [Permission.Session] = Roles,
        [Permission.CreateUser] = [OperatorRole],
        [Permission.ManageUsers] = [PoolAdminRole],
        [Permission.ReadUsers] = [PoolAdminRole, SecurityRole, AuditorRole],
        [Permission.EndSessions] = [PoolAdminRole, SecurityRole],
        [Permission.ReadAudit] = [PoolAdminRole, SecurityRole, AuditorRole],
        [Permission.ReadConfiguration] = [OperatorRole, SecurityRole],
        [Permission.RotateKeys] = [PoolAdminRole, SecurityRole],
        [Permission.Propose] = [OperatorRole],
        [Permission.Approve] = [OperatorRole, SecurityRole],
        [Permission.Pause] = [OperatorRole, SecurityRole],
        [Permission.ManageWebhooks] = [OperatorRole, DeveloperRole],
    };

    /// <summary>Open to callers without a key.</summary>
    public static bool IsOpen(Permission permission) => permission is Permission.Public or Permission.WorkerLink or Permission.SignIn;

    public static bool Allows(Permission permission, string role) =>
        IsOpen(permission)
        || Table[permission].Contains(role, StringComparer.Ordinal)
        || (string.Equals(role, PoolAdminRole, StringComparison.Ordinal) && Table[permission].Contains(OperatorRole, StringComparer.Ordinal));

    /// <summary>Names the permission of an endpoint. One without is refused by <see cref="AccessGuard"/>, and a test finds it.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, Permission permission)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(new RequiredPermission(permission));
        // Inference is never audited, and its path is the one that has to be short.
        return permission is Permission.Infer ? endpoint : endpoint.AddEndpointFilter<TBuilder, AuditedAnswer>();
    }
}

/// <summary>Marks an endpoint that is open to strangers and tells those more who say who they are.</summary>
public sealed record CallerIsRecognised;

/// <summary>The permission that an endpoint names.</summary>
public sealed record RequiredPermission(Permission Permission);
