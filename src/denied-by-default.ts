/**
 * What SCOUT_DENY_PATHS denies by default: private keys, password hashes, credentials of clouds, clusters and
 * tools, other programs' environments and memory. `~/` stands for every directory. No entry denies by a mere
 * ending such as `*.key` or a name without a dot below every directory: `cat ./*` must remain possible.
 */
export const deniedByDefault: readonly string[] = [
  ...entries(
    '',
    // proc(5)
    '/proc/*/environ /proc/*/mem /proc/*/task/*/environ /proc/*/task/*/mem',
    // Hashes of passwords and what checks them: shadow(5), opasswd(5), sssd(8), kerberos, samba(7)
    '/etc/shadow /etc/shadow- /etc/gshadow /etc/gshadow- /etc/master.passwd /etc/spwd.db /etc/tcb',
    '/private/etc/master.passwd /private/var/db/dslocal/nodes /var/db/dslocal/nodes',
    '/etc/security/opasswd /var/lib/sss/db /var/lib/sss/secrets /etc/sssd/sssd.conf /etc/krb5.keytab',
    '/var/lib/krb5kdc /var/kerberos/krb5kdc /var/lib/samba/private /etc/samba/secrets.tdb',
    // Keys of the host, of TLS and of disks
    '/etc/ssh/ssh_host_*_key /usr/local/etc/ssh/ssh_host_*_key /etc/dropbear/*_host_key /etc/ssl/private',
    '/etc/pki/tls/private /etc/pki/CA/private /etc/letsencrypt/keys /etc/letsencrypt/accounts',
    '/etc/letsencrypt/live/*/privkey*.pem /etc/letsencrypt/archive/*/privkey*.pem',
    '/etc/*/ssl/*.key /etc/*/certs/*.key /etc/*/tls/*.key /etc/cryptsetup-keys.d /etc/luks',
    '/etc/credstore /etc/credstore.encrypted /run/credentials /var/lib/systemd/credential.secret',
    // Networks
    '/etc/NetworkManager/system-connections /run/NetworkManager/system-connections /etc/wireguard',
    '/etc/wpa_supplicant /var/lib/iwd /etc/openvpn/*.key /etc/openvpn/*/*.key /etc/ipsec.secrets',
    '/etc/ipsec.d/private /etc/swanctl/private /etc/ppp/chap-secrets /etc/ppp/pap-secrets',
    // Services
    '/etc/mysql/debian.cnf /etc/exim4/passwd.client /etc/postfix/sasl_passwd* /etc/rndc.key /etc/bind/*.key',
    '/etc/pve/priv /var/lib/jenkins/secrets /var/lib/jenkins/credentials.xml /etc/gitlab/gitlab-secrets.json',
    // Containers and clusters
    '/run/secrets /var/run/secrets /var/lib/docker/swarm /etc/docker/key.json /run/containers/*/auth.json',
    '/run/user/*/containers/auth.json /etc/kubernetes/*admin.conf /etc/kubernetes/*kubelet.conf',
    '/etc/kubernetes/controller-manager.conf /etc/kubernetes/scheduler.conf /etc/kubernetes/pki/*.key',
    '/etc/kubernetes/pki/*/*.key /var/lib/kubelet/pki /var/lib/kubelet/config.json /var/lib/etcd',
    '/var/lib/kubelet/pods/*/volumes/kubernetes.io~secret /var/lib/kubelet/pods/*/volumes/kubernetes.io~projected',
    '/etc/rancher/*/*.yaml /etc/rancher/node/password /var/lib/rancher/*/server/cred',
    '/var/lib/rancher/*/server/tls /var/lib/rancher/*/server/*token /var/lib/rancher/*/server/db',
    '/var/lib/rancher/*/agent/*.key /var/lib/rancher/*/agent/*.kubeconfig',
    '/var/snap/microk8s/*/credentials /var/snap/microk8s/*/certs/*.key',
  ),
  ...entries(
    '~/',
    '.ssh/* .gnupg/private-keys-v1.d .gnupg/secring.gpg .password-store .local/share/keyrings',
    '.acme.sh/*/*.key .config/sops/age .netrc .pgpass .my.cnf .mylogin.cnf .git-credentials',
    '.config/git/credentials .config/gh/hosts.yml .config/hub .config/glab-cli/config.yml',
    '.aws/credentials .aws/sso/cache .aws/cli/cache .azure/accessTokens.json .azure/msal_token_cache*',
    '.azure/service_principal_entries* .config/gcloud/*credentials* .config/gcloud/access_tokens.db',
    '.config/doctl/config.yaml .config/hcloud/cli.toml .config/linode-cli .oci/*.pem .databrickscfg .boto .s3cfg',
    '.config/rclone/rclone.conf .cloudflared .fly/config.yml .config/stripe/config.toml .snowsql/config',
    '.kube/config .kube/*.config .minikube/*.key .minikube/profiles/*/*.key .docker/config.json .dockercfg',
    '.config/containers/auth.json .vault-token .terraform.d/credentials.tfrc.json .terraformrc',
    '.npmrc .yarnrc.yml .pypirc .gem/credentials .cargo/credentials .cargo/credentials.toml .composer/auth.json',
    '.config/composer/auth.json .m2/settings.xml .m2/settings-security.xml .gradle/gradle.properties',
  ),
  ...entries('!~/', '.ssh/*.pub .ssh/config .ssh/config.d .ssh/known_hosts* .ssh/authorized_keys* .ssh/rc'),
];

function entries(prefix: string, ...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' ').map((entry) => prefix + entry));
}
