/** What would change, leak, call or never end through the programs that look at services, by program. */
export const hostileServices: Readonly<Record<string, string>> = {
  ss: `
ss -K
ss -tK dst 10.0.0.1
ss --kill
ss --kil
ss -r
ss -tr
ss -E
ss --events
ss -D /tmp/x
ss --diag=/tmp/x
ss -F /etc/shadow
ss -N other
ss -tn dst example.com
ss -tn dst established
ss -tn dst ~
ss -tn dst ::1
ss -tn dport = example.com:22
ss dst example.com:22
ss '( dst = example.com )'
ss src fe80::1%eth0
ss state nonsense
ss established
ss state established state
ss -tn dst 10.0.0.1 or x
ss -A --
ss *`,
  ip: `
ip
ip l s
ip a f
ip a s
ip a flush dev eth0
ip a add 10.0.0.1/8 dev eth0
ip addr del 10.0.0.1/8 dev eth0
ip link set eth0 down
ip l set eth0 down
ip link delete eth0
ip -b /tmp/x
ip -batch /tmp/x
ip --batch /tmp/x
ip -force -b x
ip -n other a
ip -netns other a
ip -all netns exec ls
ip netns exec x rm y
ip netns add x
ip netns del x
ip route add default via 10.0.0.1
ip route flush cache
ip r f c
ip route get example.com
ip route show example.com
ip -r addr
ip -res route
ip monitor
ip neigh flush all
ip xfrm state
ip address show to example.com
ip vrf exec x ls
ip constructor
ip -constructor a
ip tuntap add mode tap
ip a show dev
ip a show *`,
  lsblk: `
lsblk --sysroot /x
lsblk --sysroot=/x
lsblk --outp NAME
lsblk -o
lsblk -E
lsblk /net/host/x
lsblk -Q 1`,
  findmnt: `
findmnt -p
findmnt --poll
findmnt --poll=mount
findmnt -e
findmnt -x
findmnt --verify
findmnt --evaluate
findmnt -S LABEL=x
findmnt LABEL=x
findmnt UUID=1
findmnt -s /dev/sda
findmnt -F /etc/shadow
findmnt --tab-file=/etc/shadow
findmnt /net/host/x`,
  mount: `
mount /mnt
mount /dev/sda /mnt
mount -a
mount -o remount,rw /
mount -o remount,ro
mount -t nfs host:/x /mnt
mount --bind /a /b
mount -l /mnt
mount --all
mount -t
mount -t ext4 -- /mnt
mount --make-shared /
mount -L x
mount *`,
  lsof: `
lsof -r
lsof -r5
lsof +r1
lsof -tr
lsof -nPr 2
lsof -i @example.com
lsof -i@example.com
lsof -i TCP@example.com:22
lsof -i example.com
lsof -i '@*:22'
lsof -i @10.0.0.0/8
lsof -iTCP@[fe80::1%eth0]
lsof -D b/tmp/x
lsof -Db
lsof -k /x
lsof -A /x
lsof -c /a/
lsof +D /
lsof +D /proc
lsof +D ~/x
lsof -_
lsof +constructor
lsof -p x
lsof /net/host/x
lsof -`,
  getent: `
getent
getent hosts example.com
getent ahosts example.com
getent ahostsv4 x
getent networks x
getent netgroup x
getent shadow
getent gshadow root
getent initgroups root
getent -s x/evil passwd
getent -s dns hosts x
getent passwd -s x
getent --service=files passwd
getent passwd -- -s
getent passw root
getent passwd *
getent -i passwd`,
  systemctl: `
systemctl --version start x
systemctl --vers
systemctl --version=x
systemctl start --version x
systemctl start x
systemctl stop x
systemctl restart x
systemctl reload x
systemctl daemon-reload
systemctl edit x
systemctl kill x
systemctl reboot
systemctl stat x
systemctl -H host status
systemctl -Hhost status x
systemctl --host=host status
systemctl --ho=host status
systemctl status --host host x
systemctl status -M c x
systemctl --machine=c status
systemctl --root=/x list-unit-files
systemctl --root=/x enable y
systemctl show -p Environment x
systemctl show -pEnvironment x
systemctl show --property=Id,Environment x
systemctl show -P Environment x
systemctl -p Environment show x
systemctl show -p SetCredential x
systemctl show -p '' x
systemctl show --prop=Environment x
systemctl show-environment
systemctl is-system-running --wait
systemctl set-property x CPUQuota=1
systemctl list-machines
systemctl -t status start x
systemctl st*
systemctl -- start x`,
  journalctl: `
journalctl -f
journalctl -xb -f
journalctl -fb -1
journalctl -xb -1 -f
journalctl -b -1 -1
journalctl -nb -1
journalctl -ub -1
journalctl -xbf
journalctl -Db -1
journalctl -xb --file=/tmp/x
journalctl -fu x
journalctl -u x -f
journalctl --follow
journalctl --foll
journalctl --cursor-file=/tmp/x
journalctl --cursor-f=/tmp/x
journalctl --cursor-file /tmp/x
journalctl --vacuum-time=1s
journalctl --vacuum-size 1
journalctl --vacuum-t=1s
journalctl --vacuum-files=1
journalctl --rotate
journalctl --flush
journalctl --sync
journalctl --setup-keys
journalctl --setup-keys --force
journalctl --relinquish-var
journalctl --update-catalog
journalctl -M c
journalctl --root=/x
journalctl -D /x
journalctl --file /x
journalctl -b -f
journalctl -n -f
journalctl -F COREDUMP_ENVIRON
journalctl --output-fields=COREDUMP_ENVIRON
journalctl /usr/bin/x`,
  docker: `
docker
docker run x
docker exec web ls
docker rm web
docker stop web
docker cp web:/x /y
docker pull x
docker attach web
docker info
docker -H tcp://host ps
docker -Htcp://host ps
docker --host=tcp://host ps
docker ps -H tcp://host
docker ps --host tcp://host
docker --context x ps
docker -c x ps
docker --config /x ps
docker logs -f web
docker logs -f=true web
docker logs --follow web
docker logs --follow=true web
docker logs -tf web
docker logs web -f
docker stats --no-stream=false
docker stats --no-stream false -a=x
docker top web -ef
docker top web axe
docker inspect -f '{{.Config.Env}}' web
docker inspect -f '{{json .Config.ImageConfig}}' web
docker inspect -f '{{.Config.CreateCommand}}' web
docker logs --details web
docker inspect -f -- -f '{{.Config.Env}}' web
docker inspect -f x -f '{{.Config.Env}}' web
docker inspect -f -f -f '{{.Config.Env}}' web
docker inspect -f '{{json .Config}}' web
docker inspect -f '{{.}}' web
docker inspect --format='{{json .}}' web
docker inspect -f '{{range .Config.Env}}{{.}}{{end}}' web
docker inspect -f '{{index .Config "Env"}}' web
docker inspect -f '{{with .Config}}{{.}}{{end}}' web
docker inspect -f '{{if .State}}{{.}}{{end}}' web
docker inspect -f '{{range .Mounts}}{{else}}{{.}}{{end}}' web
docker inspect -f '{{range .Mounts}}{{end}}{{.}}' web
docker inspect -f '{{$}}' web
docker inspect -f '{{$x := .}}{{$x}}' web
docker inspect -f '{{json .Spec.TaskTemplate.ContainerSpec}}' web
docker inspect -f '{{{.Config.Env}}}' web
docker inspect -f '{{.Config' web
docker inspect -f '{{- .Config.Env -}}' web
docker compose
docker compose up
docker compose ps
docker compose logs
docker compose -p x up -d
docker compose -p x logs -f
docker compose -p x logs --follow web
docker compose -p x ps -f x
docker compose -p x down
docker compose -p x exec web ls
docker compose -p x config
docker compose -f oci://host/x ps
docker compose -f /x -p x ps
docker compose -f https://host/x.git config
docker compose -p x -f oci://host/x ps
docker compose config
docker compose config -o /tmp/x
docker compose config --output=/tmp/x
docker compose -p ../x ps
docker compose -p
docker compose ps -p x -f y
docker compose -p x ls
docker compose --project-directory /x ps
docker compose --env-file /x -p x ps
docker p
docker log web`,
  zpool: `
zpool
zpool status 5
zpool list tank 1
zpool list -v 1 2
zpool status -c smart
zpool status -c /x
zpool scrub tank
zpool import
zpool export tank
zpool clear tank
zpool set x=y tank
zpool destroy tank
zpool create x sda
zpool upgrade -a
zpool stat
zpool iostat 1
zpool get
zpool events -f`,
  zfs: `
zfs
zfs set compression=on tank
zfs destroy tank
zfs snapshot tank@x
zfs rollback tank@x
zfs mount -a
zfs send tank@x
zfs inherit x tank
zfs load-key tank
zfs lis
zfs get
zfs list -o
zfs get all /net/host/x
zfs program tank x.lua`,
  dpkg: `
dpkg
dpkg -i x.deb
dpkg --install x.deb
dpkg -r x
dpkg -P x
dpkg --configure -a
dpkg --unpack x
dpkg -l --root=/x
dpkg --admindir=/x -l
dpkg --admindir /x -l
dpkg -l --pre-invoke=x
dpkg --pre-invoke='rm x' -l
dpkg -ls bash
dpkg -s
dpkg --lis
dpkg --set-selections
dpkg -C`,
  'apt-cache': `
apt-cache
apt-cache gencaches
apt-cache -o Dir::Bin::apt-key=/x policy
apt-cache -o Dir::Cache::pkgcache= -o Dir::Bin::dpkg=/x policy
apt-cache -oDir::Cache=/x policy
apt-cache policy -o Dir::Bin::dpkg=/x
apt-cache policy -o Dir::Cache::pkgcache=/x
apt-cache -c /x policy
apt-cache policy -c=/x
apt-cache policy --config-file=/x
apt-cache --generate policy
apt-cache -p /x policy
apt-cache -s /x policy
apt-cache polic nginx
apt-cache showpkg x
apt-cache policy ./x`,
};
